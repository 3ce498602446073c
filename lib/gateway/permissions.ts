import "server-only";
import { definePermissions } from "@/lib/shared/permission";

export const GATEWAY_PERMISSIONS = definePermissions({
  view: {
    key: "view_gateway",
    resourceType: "Setting",
    description: "See the rules of the gateway, and try which of them a request meets.",
    administrative: true,
    instanceWide: true,
  },
});
