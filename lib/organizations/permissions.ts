import "server-only";
import { definePermissions } from "@/lib/shared/permission";

export const ORGANIZATION_PERMISSIONS = definePermissions({
  view: {
    key: "view_organization",
    resourceType: "Organization",
    description: "See one's organization, its members and whom it has invited.",
    administrative: true,
  },
  manageMembers: {
    key: "manage_members",
    resourceType: "Organization",
    description: "Invite people into one's organization, and take members out of it.",
    administrative: true,
    sensitive: true,
  },
  manage: {
    key: "manage_organizations",
    resourceType: "Organization",
    description: "Create, rename and delete organizations. Counts only on the whole installation.",
    administrative: true,
    instanceWide: true,
    sensitive: true,
  },
  manageSignIn: {
    key: "manage_sign_in_rules",
    resourceType: "Organization",
    description: "Decide what a sign-in asks for: second factors, sessions, passwords.",
    administrative: true,
    sensitive: true,
  },
});
