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

export const DECISION_PERMISSIONS = definePermissions({
  view: {
    key: "view_decisions",
    resourceType: "Decision",
    description: "See why something was allowed or refused, try it out, and see who may do what.",
    administrative: true,
  },
  evaluate: {
    key: "evaluate_access",
    resourceType: "Decision",
    description: "Ask, as a service of the organization, what its users and services may do.",
    administrative: true,
  },
});
