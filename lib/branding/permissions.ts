import "server-only";
import { definePermissions } from "@/lib/shared/permission";

export const BRANDING_PERMISSIONS = definePermissions({
  manage: {
    key: "manage_branding",
    resourceType: "Organization",
    description: "Decide with which name, logo and colour one’s organization is shown at sign-in.",
    administrative: true,
    sensitive: true,
  },
});
