import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import type { TestStep } from "@/lib/federation/doctor/test-step";
import { prisma } from "@/lib/platform/db/client";

type Hash = Uint8Array<ArrayBuffer>;

const asJson = (value: unknown): Prisma.InputJsonValue =>
  // Only what JSON can say goes in: claims come from elsewhere.
  JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue;

export interface NewTest {
  id: string;
  connectionId: string;
  sessionId: string;
  stateHash: Hash;
  proofs: Uint8Array<ArrayBuffer>;
  steps: TestStep[];
}

export async function insertTest(
  { id, connectionId, sessionId, stateHash, proofs, steps }: NewTest,
  lifetimeSeconds: number,
): Promise<void> {
  await prisma().$executeRaw`
    INSERT INTO connection_tests (id, connection_id, session_id, state_hash, proofs, steps, expires_at)
    VALUES (${id}::uuid, ${connectionId}::uuid, ${sessionId}::uuid, ${stateHash}, ${proofs},
            ${JSON.stringify(steps)}::jsonb,
            now() + make_interval(secs => ${lifetimeSeconds}::double precision))`;
}

export interface ConsumedTest {
  id: string;
  connectionId: string;
  proofs: Uint8Array;
  steps: unknown;
}

/** One conditional statement, which is also what binds it to session and connection (DEC-1). */
export async function consumeTest(
  stateHash: Hash,
  sessionId: string,
  slug: string,
): Promise<ConsumedTest | null> {
  const rows = await prisma().$queryRaw<ConsumedTest[]>`
    UPDATE connection_tests t SET consumed_at = now()
      FROM connections c
     WHERE t.state_hash = ${stateHash} AND t.session_id = ${sessionId}::uuid
       AND c.id = t.connection_id AND c.slug = ${slug}
       AND t.consumed_at IS NULL AND t.expires_at > now()
    RETURNING t.id, t.connection_id AS "connectionId", t.proofs, t.steps`;
  return rows[0] ?? null;
}

export async function saveResult(id: string, steps: TestStep[], claims: unknown): Promise<void> {
  await prisma().connectionTest.updateMany({
    where: { id },
    data: { steps: asJson(steps), claims: asJson(claims) },
  });
}

export const findTestRow = (id: string, connectionId: string, sessionId: string) =>
  prisma().connectionTest.findFirst({
    where: { id, connectionId, sessionId },
    select: { steps: true, claims: true, consumedAt: true, expiresAt: true, createdAt: true },
  });

export const deleteOldTests = (): Promise<number> => prisma().$executeRaw`
  DELETE FROM connection_tests WHERE expires_at < now() - interval '1 day'`;
