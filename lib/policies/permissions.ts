import "server-only";
import { definePermissions } from "@/lib/shared/permission";

/** No policy can deny these: see lib/authz/undeniable.ts. */
export const POLICY_PERMISSIONS = definePermissions({
  view: {
    key: "view_policies",
    resourceType: "Policy",
    description: "See policies, and try them.",
    administrative: true,
  },
  manage: {
    key: "manage_policies",
    resourceType: "Policy",
    description: "Write policies and put them in force, up to one's own permissions.",
    administrative: true,
    sensitive: true,
  },
});
