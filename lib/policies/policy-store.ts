import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { called } from "@/lib/platform/db/like";
import type { PlaceDb, TenantDb } from "@/lib/platform/db/tenant";
import type { PolicyContent } from "@/lib/policies/policy.schema";
import { isId } from "@/lib/shared/id.schema";
import type { Walk } from "@/lib/shared/keyset-page";

export interface VersionRow {
  number: number;
  effect: "allow" | "deny";
  permissions: string[];
  fields: string[];
  /** As stored; null always holds. */
  condition: unknown;
  note: string;
  createdAt: Date;
  /** The address of who wrote it, for members of the same organization. */
  createdBy: string | null;
}

export interface PolicyRow {
  id: string;
  /** Null counts on the whole instance. */
  organizationId: string | null;
  name: string;
  description: string;
  activeNumber: number | null;
  shadowNumber: number | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

const POLICY = {
  id: true,
  organizationId: true,
  name: true,
  description: true,
  activeNumber: true,
  shadowNumber: true,
  version: true,
  createdAt: true,
  updatedAt: true,
} as const satisfies Prisma.PolicySelect;

const versionOf = (organizationId: string | null) =>
  ({
    number: true,
    effect: true,
    permissions: true,
    fields: true,
    condition: true,
    note: true,
    createdAt: true,
    createdBy: {
      select: {
        email: true,
        memberships: {
          where: organizationId === null ? {} : { organizationId },
          select: { userId: true },
          take: 1,
        },
      },
    },
  }) satisfies Prisma.PolicyVersionSelect;

type SelectedVersion = Prisma.PolicyVersionGetPayload<{ select: ReturnType<typeof versionOf> }>;

const asVersion = ({ createdBy, ...version }: SelectedVersion): VersionRow => ({
  ...version,
  createdBy: createdBy !== null && createdBy.memberships.length > 0 ? createdBy.email : null,
});

/** Policies of the instance and of this organization: no other organization's (ATK-43). */
const visibleIn = (organizationId: string | null): Prisma.PolicyWhereInput =>
  organizationId === null ? {} : { OR: [{ organizationId: null }, { organizationId }] };

export interface PolicyPlaceInList {
  name: string;
  id: string;
}

/** The visible policies by name, in the order in which the walk meets them; of null, all. */
export function listPolicyRows(
  organizationId: string | null,
  place: (PolicyPlaceInList & { walk: Walk }) | null,
  countMax: number,
  db: PlaceDb,
): Promise<PolicyRow[]> {
  const backwards = place?.walk === "previous";
  const [direction, beyond] = backwards ? (["desc", "lt"] as const) : (["asc", "gt"] as const);
  const keyset: Prisma.PolicyWhereInput =
    place === null
      ? {}
      : {
          OR: [
            { name: { [beyond]: place.name } },
            { name: place.name, id: { [beyond]: place.id } },
          ],
        };
  return db.policy.findMany({
    where: { AND: [visibleIn(organizationId), keyset] },
    orderBy: [{ name: direction }, { id: direction }],
    take: countMax,
    select: POLICY,
  });
}

/** All there are, wherever they count, by name. */
export const listAllPolicyRows = (db: PlaceDb): Promise<PolicyRow[]> =>
  db.policy.findMany({ orderBy: [{ name: "asc" }, { id: "asc" }], select: POLICY });

/** The first of the visible policies that are called so, by name. */
export const listPoliciesCalled = (
  q: string,
  organizationId: string,
  countMax: number,
  db: PlaceDb,
): Promise<{ id: string; name: string }[]> =>
  db.policy.findMany({
    where: { AND: [visibleIn(organizationId), called(q)] },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: countMax,
    select: { id: true, name: true },
  });

/** The policy where the organization can see it; of null, wherever it is. */
export async function findPolicyRow(
  id: string,
  organizationId: string | null,
  db: PlaceDb,
): Promise<PolicyRow | null> {
  if (!isId(id)) return null;
  return db.policy.findFirst({ where: { id, ...visibleIn(organizationId) }, select: POLICY });
}

/** Newest first. */
export async function listVersionRows(
  policyId: string,
  organizationId: string | null,
  db: PlaceDb,
): Promise<VersionRow[]> {
  const versions = await db.policyVersion.findMany({
    where: { policyId },
    orderBy: { number: "desc" },
    select: versionOf(organizationId),
  });
  return versions.map(asVersion);
}

export async function findVersionRow(
  policyId: string,
  number: number,
  db: PlaceDb,
): Promise<VersionRow | null> {
  const where = { policyId_number: { policyId, number } };
  const version = await db.policyVersion.findUnique({ where, select: versionOf(null) });
  return version === null ? null : asVersion(version);
}

/** Of each policy the newest version, and those that are in force or in shadow. */
export async function listShownVersions(
  policyIds: string[],
  organizationId: string | null,
  db: PlaceDb,
): Promise<(VersionRow & { policyId: string })[]> {
  const shown = await db.$queryRaw<{ policyId: string; number: number }[]>`
    SELECT v.policy_id AS "policyId", v.number
      FROM policies p
      JOIN LATERAL (SELECT max(number) AS newest FROM policy_versions WHERE policy_id = p.id) m ON true
      JOIN policy_versions v ON v.policy_id = p.id
       AND v.number IN (p.active_number, p.shadow_number, m.newest)
     WHERE p.id = ANY (${policyIds}::uuid[])`;
  const versions = await db.policyVersion.findMany({
    where: { OR: shown },
    select: { policyId: true, ...versionOf(organizationId) },
  });
  return versions.map(({ policyId, ...version }) => ({ policyId, ...asVersion(version) }));
}

export interface ShadowCountRow {
  number: number;
  day: Date;
  permissionKey: string;
  wouldAllow: number;
  wouldDeny: number;
}

/** Of the last days, newest first. */
export function listShadowCountRows(
  policyId: string,
  countMax: number,
  db: PlaceDb,
): Promise<ShadowCountRow[]> {
  return db.policyShadowCount.findMany({
    where: { policyId },
    orderBy: [{ day: "desc" }, { number: "desc" }, { permissionKey: "asc" }],
    take: countMax,
    select: { number: true, day: true, permissionKey: true, wouldAllow: true, wouldDeny: true },
  });
}

/** What other policies are called that count in a place; in no organization, all. */
export async function listPolicyNames(
  exceptId: string,
  organizationId: string | null,
  db: PlaceDb,
): Promise<string[]> {
  const where = { id: { not: exceptId }, ...visibleIn(organizationId) };
  const policies = await db.policy.findMany({ where, select: { name: true } });
  return policies.map(({ name }) => name);
}

export async function insertPolicyRow(
  policy: Pick<PolicyRow, "id" | "organizationId" | "name" | "description">,
  db: PlaceDb,
): Promise<void> {
  await db.policy.create({ data: policy });
}

/** Versions are counted from one, in the order in which they are written, and never change. */
export async function insertVersionRow(
  policyId: string,
  number: number,
  { condition, ...content }: PolicyContent,
  createdById: string | null,
  db: PlaceDb,
): Promise<void> {
  await db.policyVersion.create({
    data: { policyId, number, ...content, condition: condition ?? Prisma.DbNull, createdById },
  });
}

export async function newestNumber(policyId: string, db: PlaceDb): Promise<number> {
  const { _max } = await db.policyVersion.aggregate({
    where: { policyId },
    _max: { number: true },
  });
  return _max.number ?? 0;
}

/** Every change raises the version, by which a later one knows what it was based on. */
export async function updatePolicyRow(
  id: string,
  change: Partial<Pick<PolicyRow, "name" | "description" | "activeNumber" | "shadowNumber">>,
  db: PlaceDb,
): Promise<void> {
  await db.policy.update({ where: { id }, data: { ...change, version: { increment: 1 } } });
}

/** Its versions and counts go with it. */
export async function deletePolicyRow(id: string, db: PlaceDb): Promise<void> {
  await db.policy.delete({ where: { id } });
}

/** A member of the organization, by their canonical address; among those that the caller may see. */
export function findMemberByEmail(
  email: string,
  organizationId: string,
  reachable: Prisma.UserWhereInput,
  db: TenantDb,
): Promise<{ id: string; email: string } | null> {
  return db.user.findFirst({
    where: { AND: [{ email, memberships: { some: { organizationId } } }, reachable] },
    select: { id: true, email: true },
  });
}
