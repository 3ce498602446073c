import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { Forgetting } from "@/lib/credentials/factor";

/** Since when the device of a session has signed its user in; null for a session of none. */
export const deviceSince = (sessionId: string): Prisma.Sql => Prisma.sql`
  SELECT d.created_at FROM sessions s JOIN devices d ON d.id = s.device_id
   WHERE s.id = ${sessionId}::uuid`;

/** Those factors that no device vouches for which was known before. */
export const unlessKnown = (which?: Forgetting) =>
  which?.knownBefore === undefined
    ? {}
    : { OR: [{ knownSince: null }, { knownSince: { gte: which.knownBefore } }] };
