import "server-only";
import { definePermissions } from "@/lib/shared/permission";

export const ORGANIZATION_PERMISSIONS = definePermissions({
  manageSignIn: {
    key: "manage_sign_in_rules",
    resourceType: "Organization",
    description: "Decide what a sign-in asks for: second factors, sessions, passwords.",
    administrative: true,
    sensitive: true,
  },
});
