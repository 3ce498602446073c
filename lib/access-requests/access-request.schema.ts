import { z } from "zod";

const DAY_MINUTES = 24 * 60;

const DURATION_MINUTES_MIN = 15;
const DURATION_MINUTES_MAX = 30 * DAY_MINUTES;
const BREAK_GLASS_MINUTES_MAX = 60;
export const REASON_LENGTH_MAX = 500;
export const NOTE_LENGTH_MAX = 500;

const text = (max: number) =>
  z
    .string()
    .trim()
    .normalize("NFC")
    .max(max, `Use at most ${max} characters.`)
    .refine((value) => value.isWellFormed(), "Use valid text.");

/** What it is for: whoever decides reads it, and the audit log keeps it. */
export const AccessReason = text(REASON_LENGTH_MAX).min(3, "Say what it is for, in a few words.");

export const ReviewNote = text(NOTE_LENGTH_MAX);
/** For what has been done already: somebody has to say what they made of it. */
export const Acknowledgement = ReviewNote.min(3, "Say what you found, in a few words.");

const minutesBetween = (min: number, max: number, message: string) =>
  z.coerce.number<string | number>(message).int(message).min(min, message).max(max, message);

export const DurationMinutes = minutesBetween(
  DURATION_MINUTES_MIN,
  DURATION_MINUTES_MAX,
  "Choose 15 minutes to 30 days.",
);
export const BreakGlassMinutes = minutesBetween(
  1,
  BREAK_GLASS_MINUTES_MAX,
  "Choose up to 60 minutes.",
);

/** What can be chosen in a form. */
export const DURATIONS_MINUTES = [
  15,
  60,
  4 * 60,
  8 * 60,
  DAY_MINUTES,
  3 * DAY_MINUTES,
  7 * DAY_MINUTES,
  14 * DAY_MINUTES,
  30 * DAY_MINUTES,
] as const;
