import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import { type Db, prisma } from "@/lib/platform/db/client";

/** Everything of a connection but its secret. */
const SHOWN = {
  id: true,
  slug: true,
  name: true,
  preset: true,
  issuer: true,
  clientId: true,
  authMethod: true,
  scopes: true,
  domains: true,
  enabled: true,
  version: true,
} satisfies Prisma.ConnectionSelect;

export type ConnectionRow = Prisma.ConnectionGetPayload<{ select: typeof SHOWN }>;

export const listConnectionRows = (organizationId: string): Promise<ConnectionRow[]> =>
  prisma().connection.findMany({
    where: { organizationId },
    select: SHOWN,
    orderBy: [{ name: "asc" }, { slug: "asc" }],
  });

/** Every connection, whosever it is. */
export const listAllConnectionRows = (
  db: Db,
): Promise<(ConnectionRow & { organizationId: string })[]> =>
  db.connection.findMany({
    select: { ...SHOWN, organizationId: true },
    orderBy: { slug: "asc" },
  });

export const findConnectionRow = (
  id: string,
  organizationId: string,
  db: Db = prisma(),
): Promise<ConnectionRow | null> =>
  db.connection.findFirst({ where: { id, organizationId }, select: SHOWN });

/** Nobody else changes it, or comes in by it, until the transaction is over. */
export async function lockConnection(id: string, organizationId: string, db: Db): Promise<void> {
  await db.$queryRaw`
    SELECT 1 FROM connections
     WHERE id = ${id}::uuid AND organization_id = ${organizationId}::uuid FOR UPDATE`;
}

/** The secret that belongs to these very settings: another issuer may have another one by now. */
export const findSealedSecret = async ({
  id,
  version,
}: Pick<ConnectionRow, "id" | "version">): Promise<Uint8Array | undefined> =>
  (await prisma().connection.findFirst({ where: { id, version }, select: { clientSecret: true } }))
    ?.clientSecret;

export async function insertConnection(
  data: Prisma.ConnectionUncheckedCreateInput,
  db: Db,
): Promise<void> {
  await db.connection.create({ data, select: { id: true } });
}

/** One conditional statement: false when somebody else was faster (DEC-1). */
export async function updateConnection(
  id: string,
  expectedVersion: number,
  data: Prisma.ConnectionUncheckedUpdateManyInput,
  db: Db,
): Promise<boolean> {
  const { count } = await db.connection.updateMany({
    where: { id, version: expectedVersion },
    data: { ...data, version: { increment: 1 } },
  });
  return count === 1;
}

/** Whether the organization is opened only through its connections, and there is no other than this one. */
export async function isOnlyWayInto(
  { id, organizationId }: { id: string; organizationId: string },
  db: Db,
): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM sign_in_policies p
     WHERE p.organization_id = ${organizationId}::uuid AND p.sso_required
       AND NOT EXISTS (SELECT 1 FROM connections c
                        WHERE c.organization_id = p.organization_id AND c.enabled
                          AND c.id <> ${id}::uuid)`;
  return rows.length === 1;
}

/** With it every identity goes: a later connection of the same id is another provider. */
export async function deleteConnectionRow(
  id: string,
  slug: string,
  db: Db,
): Promise<{ identities: number } | null> {
  // First the connection: whoever holds it while signing up is waited for.
  const { count } = await db.connection.deleteMany({ where: { id } });
  if (count === 0) return null;
  const identities = await db.account.deleteMany({ where: { provider: slug } });
  await db.identityLink.deleteMany({ where: { provider: slug } });
  return { identities: identities.count };
}

export const countIdentitiesAt = (slug: string, db: Db = prisma()): Promise<number> =>
  db.account.count({ where: { provider: slug } });

/** Active users who could not sign in any more without this provider; a reset by mail does not count. */
export async function listLastWayIn(
  slug: string,
  otherProviders: string[],
  db: Db = prisma(),
): Promise<string[]> {
  const rows = await db.$queryRaw<{ userId: string }[]>`
    SELECT DISTINCT a.user_id AS "userId"
      FROM accounts a JOIN users u ON u.id = a.user_id
     WHERE a.provider = ${slug} AND u.status = 'active'
       AND NOT EXISTS (SELECT 1 FROM credentials_password p WHERE p.user_id = a.user_id)
       AND NOT EXISTS (SELECT 1 FROM credentials_passkey k WHERE k.user_id = a.user_id)
       AND NOT EXISTS (SELECT 1 FROM accounts o
                        WHERE o.user_id = a.user_id AND o.provider = ANY(${otherProviders}))`;
  return rows.map(({ userId }) => userId);
}
