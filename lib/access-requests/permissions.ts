import "server-only";
import { definePermissions } from "@/lib/shared/permission";

export const ACCESS_PERMISSIONS = definePermissions({
  approve: {
    key: "approve_access",
    resourceType: "AccessRequest",
    description: "Answer requests of others for a role, up to one's own permissions.",
    administrative: true,
    sensitive: true,
  },
  breakGlass: {
    key: "use_break_glass",
    resourceType: "AccessRequest",
    description: "Give oneself a role for emergencies, for an hour at most.",
    administrative: true,
    sensitive: true,
  },
});
