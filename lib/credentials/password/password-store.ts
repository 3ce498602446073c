import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";

export async function findPasswordHash(userId: string, db: Db = prisma()): Promise<string | null> {
  const credential = await db.passwordCredential.findUnique({
    where: { userId },
    select: { hash: true },
  });
  return credential?.hash ?? null;
}

/** Sets the hash, whether or not the user had a password. */
export async function savePasswordHash(userId: string, hash: string, db: Db): Promise<void> {
  await db.passwordCredential.upsert({
    where: { userId },
    create: { userId, hash },
    update: { hash },
  });
}

/** Replaces exactly this hash: a password changed meanwhile is left as it is. */
export async function replacePasswordHash(
  userId: string,
  previous: string,
  hash: string,
  db: Db = prisma(),
): Promise<void> {
  await db.passwordCredential.updateMany({
    where: { userId, hash: previous },
    data: { hash },
  });
}
