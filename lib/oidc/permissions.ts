import "server-only";
import { definePermissions } from "@/lib/shared/permission";

export const CLIENT_PERMISSIONS = definePermissions({
  view: {
    key: "view_clients",
    resourceType: "Client",
    description: "See the apps that are registered with the authorization server.",
    administrative: true,
    instanceWide: true,
  },
  manage: {
    key: "manage_clients",
    resourceType: "Client",
    description:
      "Register, change, disable and delete apps, and their secrets. First-party apps, and apps that look up tokens, only with every permission.",
    administrative: true,
    instanceWide: true,
    sensitive: true,
  },
});
