import "server-only";
import type { Holding } from "@/lib/authz/holdings";
import { findActiveEmail, listActiveHoldings } from "@/lib/authz/holdings-store";
import {
  asksWho,
  isFullyMet,
  type PersonalFacts,
  type PrincipalKind,
} from "@/lib/authz/personal-condition";
import { listPersonalRows, type PersonalRow } from "@/lib/authz/personal-store";
import type { Db } from "@/lib/platform/db/client";
import type { Principal } from "@/lib/shared/principal";

/** What says whose roles, and who that is. */
type Identified = Pick<Principal, "means" | "userId" | "email">;

/** The same of a user who may not be there: for what is done by their right. */
export async function listHoldingsOfUser(userId: string, db: Db): Promise<Holding[]> {
  const email = await findActiveEmail(userId, db);
  return email === null ? [] : listOwnHoldings({ means: "session", userId, email }, db);
}

/**
 * What the principal's roles give them now; nothing once their user is not active any more. What
 * they do not get all of, because of who they are, is marked.
 */
export async function listOwnHoldings(principal: Identified, db: Db): Promise<Holding[]> {
  const held = await listActiveHoldings(principal, db);
  if (!held.some(({ condition }) => asksWho(condition))) return held;
  const isMet = await meetingOf(principal, db);
  return held.map((holding) =>
    asksWho(holding.condition) && !isMet(holding.condition, holding.organizationId)
      ? { ...holding, unmet: true }
      : holding,
  );
}

/**
 * Asks of conditions whether the principal gets all that they could give anybody of a kind, in a
 * place; where no kind is named, of the same kind.
 */
export async function meetingOf(
  principal: Identified,
  db: Db,
  among?: PrincipalKind,
): Promise<(condition: unknown, place: string | null) => boolean> {
  const rows = await listPersonalRows(principal, db);
  return (condition, place) => isFullyMet(condition, factsIn(principal, place, rows), among);
}

function factsIn(
  { means, userId, email }: Identified,
  place: string | null,
  rows: PersonalRow[],
): PersonalFacts {
  const idsOf = (fits: (row: PersonalRow) => boolean) =>
    new Set(rows.filter(fits).map(({ id }) => id));
  const everywhere = ({ organizationId }: PersonalRow) => organizationId === null;
  return {
    kind: means === "service" ? "service" : "user",
    id: userId,
    email,
    sure: idsOf((row) => everywhere(row) || row.organizationId === place),
    possible: idsOf((row) => place === null || everywhere(row) || row.organizationId === place),
  };
}
