import "server-only";
import { definePermissions } from "@/lib/shared/permission";

export const TERMS_PERMISSIONS = definePermissions({
  manage: {
    key: "manage_terms",
    resourceType: "Terms",
    description: "Publish terms of use and privacy policies, which everybody is asked to accept.",
    administrative: true,
    instanceWide: true,
    sensitive: true,
  },
});
