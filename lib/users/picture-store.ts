import "server-only";
import { batchedLookup } from "@/lib/platform/db/batched-lookup";
import { type Db, prisma } from "@/lib/platform/db/client";

export interface StoredPicture {
  content: Uint8Array<ArrayBuffer>;
  digest: Uint8Array<ArrayBuffer>;
}

export const findPictureRow = (userId: string, db: Db = prisma()): Promise<StoredPicture | null> =>
  db.userPicture.findUnique({ where: { userId }, select: { content: true, digest: true } });

/** By the id of its user, in hexadecimal. */
export const findPictureDigest = batchedLookup<string, { digest: string }>({
  name: "find-picture-digests",
  text: `SELECT user_id AS key, encode(digest, 'hex') AS digest
           FROM user_pictures WHERE user_id = ANY($1::uuid[])`,
  textOf: (id) => id,
});

/** Puts it in the place of the former one, whose digest it returns; null where there was none. */
export async function putPictureRow(
  userId: string,
  { content, digest }: StoredPicture,
  db: Db,
): Promise<Uint8Array | null> {
  // Two at once would else both find none and name the same former one.
  await db.$queryRaw`SELECT 1 FROM users WHERE id = ${userId}::uuid FOR NO KEY UPDATE`;
  const former = await db.userPicture.findUnique({
    where: { userId },
    select: { digest: true },
  });
  await db.userPicture.upsert({
    where: { userId },
    create: { userId, content, digest },
    update: { content, digest, createdAt: new Date() },
  });
  return former?.digest ?? null;
}

/** One statement: of two at once only one takes it away, and gets its digest. */
export async function deletePictureRow(userId: string, db: Db): Promise<Uint8Array | null> {
  const rows = await db.$queryRaw<{ digest: Uint8Array }[]>`
    DELETE FROM user_pictures WHERE user_id = ${userId}::uuid RETURNING digest`;
  return rows[0]?.digest ?? null;
}
