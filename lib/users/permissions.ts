import "server-only";
import { definePermissions } from "@/lib/shared/permission";

export const USER_PERMISSIONS = definePermissions({
  view: {
    key: "view_users",
    resourceType: "User",
    description: "See users and their roles.",
    administrative: true,
  },
  manage: {
    key: "manage_users",
    resourceType: "User",
    description: "Create, change, disable and enable users.",
    administrative: true,
  },
  assignRoles: {
    key: "assign_roles",
    resourceType: "User",
    description: "Give users roles and take them away, up to one's own permissions.",
    administrative: true,
    sensitive: true,
  },
  resetFactors: {
    key: "reset_factors",
    resourceType: "User",
    description: "Take second factors from users who have lost theirs.",
    administrative: true,
    sensitive: true,
  },
  revokeSessions: {
    key: "revoke_sessions",
    resourceType: "User",
    description: "See and end the sessions and personal access tokens of other users.",
    administrative: true,
  },
});
