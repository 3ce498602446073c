import "server-only";
import { definePermissions } from "@/lib/shared/permission";

export const AUDIT_PERMISSIONS = definePermissions({
  view: {
    key: "view_audit_log",
    resourceType: "AuditEvent",
    description: "Read the audit log.",
    administrative: true,
  },
});
