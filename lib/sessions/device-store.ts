import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";

/** The device of this user that holds the cookie, or null. */
export async function findDevice(
  userId: string,
  tokenHash: Uint8Array<ArrayBuffer>,
  db: Db = prisma(),
): Promise<string | null> {
  const device = await db.device.findUnique({
    where: { userId_tokenHash: { userId, tokenHash } },
    select: { id: true },
  });
  return device?.id ?? null;
}

/** Remembers that this browser signed the user in, once for each pair of both. */
export async function rememberDevice(
  userId: string,
  tokenHash: Uint8Array<ArrayBuffer>,
  userAgent: string | null,
  db: Db,
): Promise<string> {
  const device = await db.device.upsert({
    where: { userId_tokenHash: { userId, tokenHash } },
    create: { userId, tokenHash, userAgent },
    update: { lastSeenAt: new Date(), userAgent },
    select: { id: true },
  });
  return device.id;
}
