import "server-only";
import type { RecordFailure } from "@/lib/domains/domain-record";
import { type Db, prisma } from "@/lib/platform/db/client";
import type { PlaceDb, TenantDb } from "@/lib/platform/db/tenant";
import { isId } from "@/lib/shared/id.schema";

export interface DomainRow {
  id: string;
  organizationId: string;
  domain: string;
  token: string;
  verifiedAt: Date | null;
  lastCheckedAt: Date | null;
  failingSince: Date | null;
  /** `verified-elsewhere`: the record is there, but another organization has proven it before. */
  failure: RecordFailure | "verified-elsewhere" | null;
  autoJoin: boolean;
  createdAt: Date;
}

type Stored = Omit<DomainRow, "failure"> & { failure: string | null };
const asRow = (row: Stored): DomainRow => row as DomainRow;

export async function listDomainRows(organizationId: string, db: TenantDb): Promise<DomainRow[]> {
  const where = { organizationId };
  const rows = await db.organizationDomain.findMany({ where, orderBy: { domain: "asc" } });
  return rows.map(asRow);
}

/** Every domain that any organization says is its own. */
export const listAllDomainRows = async (db: PlaceDb): Promise<DomainRow[]> =>
  (await db.organizationDomain.findMany({ orderBy: { domain: "asc" } })).map(asRow);

export async function findDomainRow(
  id: string,
  organizationId: string,
  db: TenantDb,
): Promise<DomainRow | null> {
  if (!isId(id)) return null;
  const row = await db.organizationDomain.findFirst({ where: { id, organizationId } });
  return row && asRow(row);
}

export type NewDomain = Pick<DomainRow, "id" | "organizationId" | "domain" | "token">;

/** Throws a unique violation for a domain that the organization has already. */
export async function insertDomain(row: NewDomain, db: TenantDb): Promise<void> {
  await db.organizationDomain.create({ data: row, select: { id: true } });
}

/**
 * Keeps that the record is there. One statement; it throws a unique violation when another
 * organization has the domain verified. False when it was removed meanwhile.
 */
export async function markVerified(id: string, token: string, db: TenantDb): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE organization_domains
       SET verified_at = COALESCE(verified_at, now()), last_checked_at = now(),
           failing_since = NULL, failure = NULL
     WHERE id = ${id}::uuid AND token = ${token}`;
  return count === 1;
}

/** Keeps that it is not, and since when. */
export async function markFailing(
  id: string,
  failure: NonNullable<DomainRow["failure"]>,
  db: TenantDb,
): Promise<void> {
  await db.$executeRaw`
    UPDATE organization_domains
       SET last_checked_at = now(), failing_since = COALESCE(failing_since, now()),
           failure = ${failure}
     WHERE id = ${id}::uuid`;
}

/** Takes back what was verified once it has failed for so long; false for all others. */
export async function unverifyFailing(id: string, days: number, db: TenantDb): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE organization_domains SET verified_at = NULL, auto_join = false
     WHERE id = ${id}::uuid AND verified_at IS NOT NULL
       AND failing_since < now() - make_interval(days => ${days})`;
  return count === 1;
}

/** Which one was not looked at for so long, wherever, for whoever asks first; null for none. */
export async function claimDueDomain(
  hours: number,
  db: Db = prisma(),
): Promise<{ id: string; organizationId: string } | null> {
  const [claimed] = await db.$queryRaw<{ id: string; organizationId: string }[]>`
    UPDATE organization_domains SET last_checked_at = now()
     WHERE id = (SELECT id FROM organization_domains
                  WHERE verified_at IS NOT NULL
                    AND last_checked_at < now() - make_interval(hours => ${hours})
                  ORDER BY last_checked_at LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING id, organization_id AS "organizationId"`;
  return claimed ?? null;
}

/** False unless it is verified, or when it is only to be switched off. */
export async function setAutoJoinRow(
  id: string,
  autoJoin: boolean,
  db: TenantDb,
): Promise<boolean> {
  const { count } = await db.organizationDomain.updateMany({
    where: { id, ...(autoJoin ? { verifiedAt: { not: null } } : {}) },
    data: { autoJoin },
  });
  return count === 1;
}

export async function deleteDomainRow(id: string, db: TenantDb): Promise<boolean> {
  return (await db.organizationDomain.deleteMany({ where: { id } })).count === 1;
}

/** The organization that has the domain verified and takes in whoever has an address there. */
export async function findJoinable(domain: string, db: Db): Promise<string | null> {
  const rows = await db.$queryRaw<{ organizationId: string }[]>`
    SELECT organization_id AS "organizationId" FROM organization_domains
     WHERE domain = ${domain} AND verified_at IS NOT NULL AND auto_join FOR SHARE`;
  return rows[0]?.organizationId ?? null;
}

/** The organization that has the domain verified. */
export async function findVerifiedBy(domain: string, db: Db = prisma()): Promise<string | null> {
  const row = await db.organizationDomain.findFirst({
    where: { domain, verifiedAt: { not: null } },
    select: { organizationId: true },
  });
  return row?.organizationId ?? null;
}

/** False when the user is one already. */
export async function joinOrganization(
  userId: string,
  organizationId: string,
  db: Db,
): Promise<boolean> {
  const data = [{ userId, organizationId }];
  const { count } = await db.membership.createMany({ data, skipDuplicates: true });
  return count === 1;
}

/** Gives the roles of whoever signs up, as far as they can be used there, there and nowhere else. */
export async function giveDefaultRoles(
  userId: string,
  organizationId: string,
  db: Db,
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO user_roles (id, user_id, role_id, organization_id)
    SELECT gen_random_uuid(), ${userId}::uuid, r.id, ${organizationId}::uuid
      FROM roles r
     WHERE r.is_default AND (r.organization_id IS NULL OR r.organization_id = ${organizationId}::uuid)
    ON CONFLICT DO NOTHING`;
}

/** Takes those roles again, there alone. */
export async function takeDefaultRoles(
  userId: string,
  organizationId: string,
  db: Db,
): Promise<void> {
  await db.userRole.deleteMany({ where: { userId, organizationId, role: { isDefault: true } } });
}
