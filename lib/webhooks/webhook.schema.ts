import { z } from "zod";

export const WebhookName = z
  .string()
  .trim()
  .min(1, "Enter a name.")
  .max(80, "Use at most 80 characters.")
  .regex(/^\P{Cc}*$/u, "Use one line of text.")
  .refine((text) => text.isWellFormed(), "Use valid text.");

/** Whether it may be asked at all is judged where the configuration is known. */
export const WebhookUrl = z
  .url("Enter an address such as https://example.com/hooks.")
  .max(2_000, "Use at most 2000 characters.");

const EventType = z
  .string()
  .max(100)
  .regex(
    /^(?:\*|[a-z_]+\.(?:\*|[a-z_]+))$/,
    "Use an action such as user.created, user.* for all of a kind, or * for all.",
  );

export const EventTypes = z
  .array(EventType)
  .min(1, "Say of which events it is told, or * for all.")
  .max(50, "Name at most 50.")
  .transform((types) => [...new Set(types)]);

export const WebhookSettings = z.strictObject({
  name: WebhookName,
  url: WebhookUrl,
  eventTypes: EventTypes,
});
export type WebhookSettings = z.infer<typeof WebhookSettings>;

export const DELIVERY_STATES = ["delivered", "waiting", "given-up"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Why an endpoint was switched off by the program itself. */
export type SwitchedOffFor = "failing" | "gone";
