import { z } from "zod";

/**
 * `sending` is in the hands of a worker; `failed` could not be sent so far and is tried again;
 * `expired` held a code or a link that is worth nothing any more, and is not sent.
 */
export const MESSAGE_STATES = ["queued", "sending", "sent", "failed", "expired"] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export const MESSAGE_CHANNELS = ["mail", "sms"] as const;

export const MessageListing = z.strictObject({
  state: z.enum(MESSAGE_STATES, "Choose one of the states.").optional(),
  kind: z
    .string()
    .regex(/^[a-z-]{1,60}$/, "Choose one of the kinds.")
    .optional(),
  recipient: z
    .string()
    .trim()
    .max(254, "Use at most 254 characters.")
    .regex(/^[\x20-\x7e]*$/, "Enter an address or a number.")
    .transform((text) => text.toLowerCase())
    .optional(),
});
export type MessageListing = z.infer<typeof MessageListing>;
