import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";

/** How far it was sent; null before the first time. */
export async function findSinkSeq(name: string, db: Db = prisma()): Promise<bigint | null> {
  const row = await db.auditSink.findUnique({ where: { name }, select: { seq: true } });
  return row?.seq ?? null;
}

/** Lets the holder send for so long, unless somebody else may; null then, and while a failure is waited out. */
export async function holdSink(
  name: string,
  holder: string,
  leaseSeconds: number,
  db: Db = prisma(),
): Promise<{ seq: bigint; failures: number } | null> {
  const rows = await db.$queryRaw<{ seq: bigint; failures: number }[]>`
    INSERT INTO audit_sinks AS s (name, holder, held_until)
    VALUES (${name}, ${holder}::uuid, now() + make_interval(secs => ${leaseSeconds}::double precision))
    ON CONFLICT (name) DO UPDATE SET holder = EXCLUDED.holder, held_until = EXCLUDED.held_until
     WHERE s.held_until <= now()
    RETURNING s.seq, s.failures`;
  return rows[0] ?? null;
}

/** Keeps how far it was sent, and lets the holder go on. False for who does not hold it any more. */
export async function moveSink(
  name: string,
  holder: string,
  seq: bigint,
  leaseSeconds: number,
  db: Db = prisma(),
): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE audit_sinks
       SET seq = ${seq}, failures = 0,
           held_until = now() + make_interval(secs => ${leaseSeconds}::double precision)
     WHERE name = ${name} AND holder = ${holder}::uuid AND seq < ${seq}`;
  return count === 1;
}

/** Ends it; after a failure nobody sends for so long. */
export async function releaseSink(
  name: string,
  holder: string,
  retryAfterSeconds: number | null,
  db: Db = prisma(),
): Promise<void> {
  await db.$executeRaw`
    UPDATE audit_sinks
       SET holder = NULL,
           failures = failures + CASE WHEN ${retryAfterSeconds}::int IS NULL THEN 0 ELSE 1 END,
           held_until = date_trunc('milliseconds', now())
                        + make_interval(secs => COALESCE(${retryAfterSeconds}::double precision, 0))
     WHERE name = ${name} AND holder = ${holder}::uuid`;
}
