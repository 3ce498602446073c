import { z } from "zod";
import { Id } from "@/lib/shared/id.schema";
import {
  DELIVERY_STATES,
  EventTypes,
  WebhookName,
  WebhookUrl,
} from "@/lib/webhooks/webhook.schema";

const Lines = z
  .string()
  .max(5_000, "Use at most 5000 characters.")
  .transform((text) => text.split(/[\s,]+/).filter(Boolean))
  .pipe(EventTypes);

const Settings = z.object({
  name: WebhookName,
  url: z.string().trim().pipe(WebhookUrl),
  eventTypes: Lines,
});

export const NewWebhookForm = Settings.extend({ scope: z.enum(["organization", "instance"]) });

export const ChangeWebhookForm = Settings.extend({ id: Id });

export const WebhookForm = z.object({ id: Id });

export const RedeliverForm = z.object({ id: Id, deliveryId: Id });

export const RedeliverGivenUpForm = z.object({
  id: Id,
  since: z.iso.date("Enter a day."),
});

export const DeliverySearch = z.strictObject({ state: z.enum(DELIVERY_STATES).optional() });
