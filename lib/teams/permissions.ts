import "server-only";
import { definePermissions } from "@/lib/shared/permission";

export const TEAM_PERMISSIONS = definePermissions({
  view: {
    key: "view_teams",
    resourceType: "Team",
    description: "See teams, who is in them and which roles they have.",
    administrative: true,
  },
  manage: {
    key: "manage_teams",
    resourceType: "Team",
    description: "Change teams, their members and their roles, up to one's own permissions.",
    administrative: true,
    sensitive: true,
  },
});
