import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";

/** Keeps the hash of a one-time link while set-up is open; false once it is done. */
export async function saveSetupToken(tokenHash: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const count = await prisma().$executeRaw`
    UPDATE instance SET setup_token_hash = ${tokenHash}
     WHERE id = 1 AND setup_completed_at IS NULL`;
  return count === 1;
}

export async function isSetupOpen(db: Db = prisma()): Promise<boolean> {
  const instance = await db.instance.findUnique({
    where: { id: 1 },
    select: { setupCompletedAt: true },
  });
  return instance !== null && instance.setupCompletedAt === null;
}

export async function isSetupToken(tokenHash: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const count = await prisma().instance.count({
    where: { id: 1, setupCompletedAt: null, setupTokenHash: tokenHash },
  });
  return count === 1;
}

/**
 * Closes set-up for good by one conditional statement: of fifty parallel
 * set-ups one gets true (ATK-45). Without a token it is for the operator's own
 * ways, configuration and command line.
 */
export async function completeSetup(
  tokenHash: Uint8Array<ArrayBuffer> | null,
  db: Db,
): Promise<boolean> {
  const count =
    tokenHash === null
      ? await db.$executeRaw`
          UPDATE instance SET setup_completed_at = now(), setup_token_hash = NULL
           WHERE id = 1 AND setup_completed_at IS NULL`
      : await db.$executeRaw`
          UPDATE instance SET setup_completed_at = now(), setup_token_hash = NULL
           WHERE id = 1 AND setup_completed_at IS NULL AND setup_token_hash = ${tokenHash}`;
  return count === 1;
}

/** The role that holds every permission without a condition; the oldest, should there be several. */
export async function findCompleteRoleId(db: Db): Promise<string | null> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT r.id FROM roles r
     WHERE r.organization_id IS NULL
       AND NOT EXISTS (SELECT 1 FROM permissions p
                        WHERE NOT EXISTS (SELECT 1 FROM role_permissions rp
                                           WHERE rp.role_id = r.id AND rp.permission_id = p.id
                                             AND rp.condition IS NULL))
     ORDER BY r.created_at, r.id LIMIT 1`;
  return rows[0]?.id ?? null;
}
