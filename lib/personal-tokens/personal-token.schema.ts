import { z } from "zod";

/** A token is never without an end; this is the furthest. */
export const LIFETIME_DAYS_MAX = 365;
export const LIFETIME_DAYS_DEFAULT = 90;

export const NAME_LENGTH_MAX = 60;

export const TokenName = z
  .string()
  .trim()
  .min(1, "Say what the token is for.")
  .max(NAME_LENGTH_MAX, `Use at most ${NAME_LENGTH_MAX} characters.`)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, "Use one line, without invisible characters.");

export const LifetimeDays = z
  .int()
  .min(1, "Choose at least one day.")
  .max(LIFETIME_DAYS_MAX, `Choose at most ${LIFETIME_DAYS_MAX} days.`);
