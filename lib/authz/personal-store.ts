import "server-only";
import type { Db } from "@/lib/platform/db/client";
import type { Principal } from "@/lib/shared/principal";

export interface PersonalRow {
  /** Of a role or a team. */
  id: string;
  /** Where it counts; null is everywhere. */
  organizationId: string | null;
}

/**
 * The roles and teams that the principal has by whatever path, with where each counts. A team is
 * of one organization, where whoever is in it is in it: it counts wherever it can count for anybody.
 */
export function listPersonalRows(
  { means, userId }: Pick<Principal, "means" | "userId">,
  db: Db,
): Promise<PersonalRow[]> {
  if (means === "service") {
    return db.$queryRaw<PersonalRow[]>`
      SELECT DISTINCT g.given_role_id AS id, g.organization_id AS "organizationId"
        FROM service_given_roles g WHERE g.client_id = ${userId}`;
  }
  return db.$queryRaw<PersonalRow[]>`
    SELECT DISTINCT g.given_role_id AS id, g.organization_id AS "organizationId"
      FROM given_roles g WHERE g.user_id = ${userId}::uuid
    UNION
    SELECT c.ancestor_id, NULL::uuid
      FROM team_memberships m JOIN team_closure c ON c.team_id = m.team_id
     WHERE m.user_id = ${userId}::uuid`;
}
