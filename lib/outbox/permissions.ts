import "server-only";
import { definePermissions } from "@/lib/shared/permission";

export const OUTBOX_PERMISSIONS = definePermissions({
  view: {
    key: "view_outbox",
    resourceType: "OutboxMessage",
    description:
      "See which mails and text messages wait, failed or were sent. Never what they say, and to whom only with the right to see users.",
    administrative: true,
    instanceWide: true,
  },
  manage: {
    key: "manage_outbox",
    resourceType: "OutboxMessage",
    description: "Have messages that failed tried again, and discard those that wait.",
    administrative: true,
    instanceWide: true,
    sensitive: true,
  },
});
