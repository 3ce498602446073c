import "server-only";
import { definePermissions } from "@/lib/shared/permission";

export const KEY_PERMISSIONS = definePermissions({
  view: {
    key: "view_keys",
    resourceType: "SigningKey",
    description: "See the signing keys, and which keys of the configuration are in use.",
    administrative: true,
    instanceWide: true,
  },
  manage: {
    key: "manage_keys",
    resourceType: "SigningKey",
    description: "Rotate the signing keys, and retire them when they are compromised.",
    administrative: true,
    instanceWide: true,
    sensitive: true,
  },
});
