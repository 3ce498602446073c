import "server-only";
import { definePermissions } from "@/lib/shared/permission";

export const SETTINGS_PERMISSIONS = definePermissions({
  view: {
    key: "view_settings",
    resourceType: "Setting",
    description:
      "See the configuration of the installation, where each value comes from, and what is wrong with it. Never a secret.",
    administrative: true,
    instanceWide: true,
  },
  viewCoverage: {
    key: "view_coverage",
    resourceType: "Setting",
    description: "See which permission every page, action and endpoint takes.",
    administrative: true,
    instanceWide: true,
  },
});
