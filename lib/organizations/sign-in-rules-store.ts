import "server-only";
import { DEFAULT_SIGN_IN_RULES, type SignInRules } from "@/lib/organizations/sign-in-rules.schema";
import { type Db, prisma } from "@/lib/platform/db/client";

export interface VersionedRules {
  rules: SignInRules;
  /** 0 for rules that were never saved. */
  version: number;
}

export async function findRules(
  organizationId: string,
  db: Db = prisma(),
): Promise<VersionedRules> {
  const row = await db.signInPolicy.findUnique({
    where: { organizationId },
    omit: { organizationId: true },
  });
  if (row === null) return { rules: DEFAULT_SIGN_IN_RULES, version: 0 };
  const { version, ...rules } = row;
  return { rules, version };
}

/** Whether the session was opened through a connection of the organization that is switched on. */
export async function cameThroughOwnConnection(
  sessionId: string,
  organizationId: string,
  db: Db,
): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM upstream_sessions v
      JOIN connections c ON c.id = v.connection_id AND c.issuer = v.issuer AND c.enabled
     WHERE v.session_id = ${sessionId}::uuid AND c.organization_id = ${organizationId}::uuid`;
  return rows.length === 1;
}

/** Whether anybody could come in through a connection of the organization's own. */
export const hasOwnConnection = async (organizationId: string, db: Db): Promise<boolean> =>
  (await db.connection.count({ where: { organizationId, enabled: true } })) > 0;

/** Saves the rules if they are still of this version, by one conditional statement. */
export async function saveRules(
  organizationId: string,
  rules: SignInRules,
  expectedVersion: number,
  db: Db,
): Promise<boolean> {
  if (expectedVersion === 0) {
    const { count } = await db.signInPolicy.createMany({
      data: [{ organizationId, ...rules }],
      skipDuplicates: true,
    });
    return count === 1;
  }
  const { count } = await db.signInPolicy.updateMany({
    where: { organizationId, version: expectedVersion },
    data: { ...rules, version: { increment: 1 } },
  });
  return count === 1;
}
