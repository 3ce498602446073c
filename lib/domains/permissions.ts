import "server-only";
import { definePermissions } from "@/lib/shared/permission";

export const DOMAIN_PERMISSIONS = definePermissions({
  view: {
    key: "view_domains",
    resourceType: "Domain",
    description: "See the domains of the organization and whether they are verified.",
    administrative: true,
  },
  manage: {
    key: "manage_domains",
    resourceType: "Domain",
    description: "Add, verify and remove domains, and let whoever has an address there join.",
    administrative: true,
    sensitive: true,
  },
});
