import { z } from "zod";
import { LIFETIME_DAYS_MAX, TokenName } from "@/lib/personal-tokens/personal-token.schema";
import { Id } from "@/lib/shared/id.schema";

const ticked = z
  .literal("on")
  .optional()
  .transform((value) => value === "on");

export const NewTokenForm = z
  .object({
    name: TokenName,
    lifetimeDays: z.coerce
      .number<string>("Choose one of these.")
      .int("Choose one of these.")
      .min(1, "Choose one of these.")
      .max(LIFETIME_DAYS_MAX, "Choose one of these."),
    read: ticked,
    write: ticked,
  })
  .refine(({ read, write }) => read || write, {
    path: ["read"],
    message: "Choose at least one.",
  });

export const TokenForm = z.object({ tokenId: Id });
