import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";
import { keyOf, type Limit } from "@/lib/platform/rate-limit/limiter";

export interface Tally {
  /** With this one. */
  count: number;
  windowEndsAt: Date;
}

/**
 * Counts one more in the window and says how many that makes, atomically, and in
 * the caller's transaction where there is one: what is rolled back was not
 * counted, and nobody inside a transaction waits for a second connection.
 */
export async function tally(limit: Limit, subject: string, db: Db = prisma()): Promise<Tally> {
  const { name, windowSeconds } = limit;
  const [row] = await db.$queryRaw<[{ count: number; windowEndsAt: Date }]>`
    INSERT INTO rate_limits AS present (key, points, expire)
    SELECT ${`${name}:${keyOf(subject)}`}, 1, clock.now_ms + ${windowSeconds * 1000}::bigint
      FROM (SELECT (extract(epoch FROM now()) * 1000)::bigint AS now_ms) AS clock
        ON CONFLICT (key) DO UPDATE
       SET points = CASE WHEN present.expire < excluded.expire - ${windowSeconds * 1000}::bigint
                         THEN 1 ELSE present.points + 1 END,
           expire = CASE WHEN present.expire < excluded.expire - ${windowSeconds * 1000}::bigint
                         THEN excluded.expire ELSE present.expire END
    RETURNING points AS count, to_timestamp(expire / 1000.0) AS "windowEndsAt"`;
  return row;
}
