import "server-only";
import { definePermissions } from "@/lib/shared/permission";

export const IMPERSONATION_PERMISSIONS = definePermissions({
  impersonate: {
    key: "impersonate_users",
    resourceType: "User",
    description: "Act as users who administer nothing, with a reason and for an hour at most.",
    administrative: true,
    sensitive: true,
  },
});
