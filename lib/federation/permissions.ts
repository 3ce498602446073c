import "server-only";
import { definePermissions } from "@/lib/shared/permission";

export const CONNECTION_PERMISSIONS = definePermissions({
  view: {
    key: "view_connections",
    resourceType: "Connection",
    description: "See the identity providers that people can sign in with.",
    administrative: true,
  },
  manage: {
    key: "manage_connections",
    resourceType: "Connection",
    description: "Set identity providers up, test them, switch them on and off.",
    administrative: true,
    sensitive: true,
  },
});
