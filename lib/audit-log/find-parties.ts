import "server-only";
import { type AuditListing, UNNAMED_ACTORS } from "@/lib/audit-log/audit-log.schema";
import { type AuditFilter, findNamesakes, isTarget } from "@/lib/audit-log/audit-log-store";
import { isId } from "@/lib/shared/id.schema";

/** What a listing names and nothing is called. */
export type UnknownParty = "actor" | "target";

/**
 * A listing with the ids of whatever bears the names in it, or which of the names nothing bears:
 * a name that finds nobody must never find everybody's events. An id is taken as it is, since
 * events outlive what they speak of.
 */
export async function findParties(
  { actor, target, ...rest }: AuditListing,
  organizationId: string | null,
): Promise<
  { outcome: "found"; filter: AuditFilter } | { outcome: "unknown"; names: UnknownParty[] }
> {
  const actors = actor === undefined ? undefined : await actorsCalled(actor, organizationId);
  const targets = target === undefined ? undefined : await targetsCalled(target, organizationId);
  const names: UnknownParty[] = [
    ...(actors === null ? ["actor" as const] : []),
    ...(targets === null ? ["target" as const] : []),
  ];
  if (actors === null || targets === null) return { outcome: "unknown", names };
  return { outcome: "found", filter: { ...rest, organizationId, actors, targets } };
}

async function actorsCalled(
  text: string,
  organizationId: string | null,
): Promise<AuditFilter["actors"] | null> {
  const unnamed = UNNAMED_ACTORS.find((name) => name === text.toLowerCase());
  if (unnamed !== undefined) return { type: unnamed };
  if (isId(text)) return { ids: [text] };
  // A client that is known by its document has an address for an id, and acts for users only.
  const ids = (await findNamesakes(text, organizationId)).filter(isId);
  return ids.length === 0 ? null : { ids };
}

async function targetsCalled(
  text: string,
  organizationId: string | null,
): Promise<string[] | null> {
  if (isId(text)) return [text.toLowerCase()];
  const ids = await findNamesakes(text, organizationId);
  if (await isTarget(text, organizationId)) ids.push(text);
  return ids.length === 0 ? null : ids;
}
