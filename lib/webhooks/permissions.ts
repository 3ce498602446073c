import "server-only";
import { definePermissions } from "@/lib/shared/permission";

export const WEBHOOK_PERMISSIONS = definePermissions({
  view: {
    key: "view_webhooks",
    resourceType: "WebhookEndpoint",
    description: "See who is told of events by webhook, and what became of each message.",
    administrative: true,
  },
  manage: {
    key: "manage_webhooks",
    resourceType: "WebhookEndpoint",
    description:
      "Add, change, switch and remove webhooks, and their secrets. What a webhook is told of, only with the right to read it in the audit log.",
    administrative: true,
    sensitive: true,
  },
});
