import "server-only";
import { definePermissions } from "@/lib/shared/permission";

export const ROLE_PERMISSIONS = definePermissions({
  view: {
    key: "view_roles",
    resourceType: "Role",
    description: "See roles and permissions.",
    administrative: true,
  },
  manage: {
    key: "manage_roles",
    resourceType: "Role",
    description: "Create, change and delete roles, up to one's own permissions.",
    administrative: true,
    sensitive: true,
  },
});
