import "server-only";
import { type Authority, recordBy } from "@/lib/authz/authority";
import {
  type DomainRow,
  deleteDomainRow,
  findDomainRow,
  insertDomain,
  listDomainRows,
  type NewDomain,
  setAutoJoinRow,
} from "@/lib/domains/domain-store";
import type { Db } from "@/lib/platform/db/client";
import { inTenant } from "@/lib/platform/db/tenant";

// What is written and recorded of a domain, whoever has judged that its author may.

/** Looked at together, one after the other. */
const DOMAINS_MAX = 100;

export const targetOf = (id: string) => ({ type: "domain", id });

/** Writes a domain down, which is not verified; null where there are too many. Throws a unique violation for one that is there. */
export async function writeNewDomain(
  authority: Authority,
  domain: NewDomain,
  tx: Db,
): Promise<DomainRow | null> {
  const { id, organizationId } = domain;
  const row = await inTenant(
    organizationId,
    async (tenant) => {
      if ((await listDomainRows(organizationId, tenant)).length >= DOMAINS_MAX) return null;
      await insertDomain(domain, tenant);
      const inserted = await findDomainRow(id, organizationId, tenant);
      if (inserted === null) throw new Error("a domain was not there after it was added");
      return inserted;
    },
    tx,
  );
  if (row === null) return null;
  const after = { domain: domain.domain };
  await recordBy(authority, { action: "domain.added", target: targetOf(id), after }, tx);
  return row;
}

/** Lets people join by it, or not any more; false where it would be for one that is not verified (F83). */
export async function writeAutoJoin(
  authority: Authority,
  row: DomainRow,
  autoJoin: boolean,
  tx: Db,
): Promise<boolean> {
  const { id, organizationId, domain } = row;
  const changed = await inTenant(
    organizationId,
    (tenant) => setAutoJoinRow(id, autoJoin, tenant),
    tx,
  );
  if (!changed || row.autoJoin === autoJoin) return changed;
  const event = {
    action: "domain.auto_join_changed",
    target: targetOf(id),
    before: { domain, autoJoin: row.autoJoin },
    after: { domain, autoJoin },
  };
  await recordBy(authority, event, tx);
  return true;
}

/** Removes a domain; null when it is gone already. */
export async function writeDomainRemoval(
  authority: Authority,
  { id, organizationId }: Pick<DomainRow, "id" | "organizationId">,
  tx: Db,
): Promise<DomainRow | null> {
  const row = await inTenant(
    organizationId,
    async (tenant) => {
      const found = await findDomainRow(id, organizationId, tenant);
      return found !== null && (await deleteDomainRow(id, tenant)) ? found : null;
    },
    tx,
  );
  if (row === null) return null;
  const before = { domain: row.domain, verified: row.verifiedAt !== null };
  await recordBy(authority, { action: "domain.removed", target: targetOf(id), before }, tx);
  return row;
}
