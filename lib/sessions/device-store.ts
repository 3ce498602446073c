import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";

/** The device of this user that holds the cookie, or null; one that was forgotten is none. */
export async function findDevice(
  userId: string,
  tokenHash: Uint8Array<ArrayBuffer>,
  db: Db = prisma(),
): Promise<string | null> {
  const device = await db.device.findUnique({
    where: { userId_tokenHash: { userId, tokenHash }, forgottenAt: null },
    select: { id: true },
  });
  return device?.id ?? null;
}

/**
 * True while this browser is spared the second factor, by the database's clock
 * (D19), and by the present rule of every organization of its user: one that was
 * made shorter counts from when the trust was given.
 */
export async function isTrusted(deviceId: string, db: Db = prisma()): Promise<boolean> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT d.id FROM devices d
     WHERE d.id = ${deviceId}::uuid AND d.trusted_until > now()
       AND NOT EXISTS (SELECT 1 FROM memberships m
                         JOIN sign_in_policies p ON p.organization_id = m.organization_id
                        WHERE m.user_id = d.user_id
                          AND (p.trusted_device_days = 0 OR d.trusted_at
                               + make_interval(days => p.trusted_device_days) <= now()))`;
  return rows.length === 1;
}

export async function trustDevice(deviceId: string, forDays: number, db: Db): Promise<void> {
  await db.$executeRaw`
    UPDATE devices SET trusted_until = now() + make_interval(days => ${forDays}::int),
                       trusted_at = now()
     WHERE id = ${deviceId}::uuid`;
}

/** Remembers that this browser signed the user in, once for each pair of both; a forgotten one begins anew. */
export async function rememberDevice(
  userId: string,
  tokenHash: Uint8Array<ArrayBuffer>,
  userAgent: string | null,
  db: Db,
): Promise<string> {
  // By the database's clock, which says what was known before a sign-in (D19).
  const [device] = await db.$queryRaw<[{ id: string }]>`
    INSERT INTO devices (id, user_id, token_hash, user_agent)
    VALUES (${newId()}::uuid, ${userId}::uuid, ${tokenHash}, ${userAgent})
    ON CONFLICT (user_id, token_hash)
    DO UPDATE SET last_seen_at = now(), user_agent = excluded.user_agent, forgotten_at = NULL,
                  created_at = CASE WHEN devices.forgotten_at IS NULL THEN devices.created_at
                                    ELSE now() END
    RETURNING id`;
  return device.id;
}

export async function replaceToken(
  from: Uint8Array<ArrayBuffer>,
  to: Uint8Array<ArrayBuffer>,
  db: Db,
): Promise<void> {
  await db.$executeRaw`UPDATE devices SET token_hash = ${to} WHERE token_hash = ${from}`;
}

export async function clearTrust(
  userId: string,
  deviceId: string | null,
  db: Db,
): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE devices SET trusted_until = NULL
     WHERE user_id = ${userId}::uuid AND trusted_until > now()
       AND (${deviceId}::uuid IS NULL OR id = ${deviceId}::uuid)`;
  return count > 0;
}

/** Devices that are spared the second factor now, last used first. */
export async function listTrusted(userId: string, db: Db = prisma()) {
  return db.$queryRaw<
    { id: string; userAgent: string | null; lastSeenAt: Date; trustedUntil: Date }[]
  >`SELECT id, user_agent AS "userAgent", last_seen_at AS "lastSeenAt",
           trusted_until AS "trustedUntil"
      FROM devices WHERE user_id = ${userId}::uuid AND trusted_until > now()
     ORDER BY last_seen_at DESC, id`;
}

/** Devices that have signed the user in, but for forgotten ones; last used first. */
export async function listKnown(userId: string, countMax: number, db: Db = prisma()) {
  return db.$queryRaw<
    {
      id: string;
      userAgent: string | null;
      createdAt: Date;
      lastSeenAt: Date;
      trustedUntil: Date | null;
    }[]
  >`SELECT id, user_agent AS "userAgent", created_at AS "createdAt", last_seen_at AS "lastSeenAt",
           CASE WHEN trusted_until > now() THEN trusted_until END AS "trustedUntil"
      FROM devices WHERE user_id = ${userId}::uuid AND forgotten_at IS NULL
     ORDER BY last_seen_at DESC, id LIMIT ${countMax}`;
}

/** The rows stay, which say that there is something to tell a stranger from. */
export async function markForgotten(
  userId: string,
  { except }: { except: string | null },
  db: Db,
): Promise<void> {
  await db.$executeRaw`
    UPDATE devices SET forgotten_at = now(), trusted_until = NULL
     WHERE user_id = ${userId}::uuid AND forgotten_at IS NULL
       AND (${except}::uuid IS NULL OR id <> ${except}::uuid)`;
}

export async function markDeviceOfForgotten(sessionId: string, db: Db): Promise<void> {
  await db.$executeRaw`
    UPDATE devices SET forgotten_at = now(), trusted_until = NULL
     WHERE id = (SELECT device_id FROM sessions WHERE id = ${sessionId}::uuid)`;
}
