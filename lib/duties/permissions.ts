import "server-only";
import { definePermissions } from "@/lib/shared/permission";

export const DUTY_PERMISSIONS = definePermissions({
  view: {
    key: "view_duties",
    resourceType: "DutyConflict",
    description: "See which duties exclude each other, and who has both.",
    administrative: true,
  },
  manage: {
    key: "manage_duties",
    resourceType: "DutyConflict",
    description: "Say which duties exclude each other, and waive that for others.",
    administrative: true,
    sensitive: true,
  },
});
