import "server-only";
import { prisma } from "@/lib/platform/db/client";

/** Where a challenge was asked, and the only place where its answer counts. */
export type ChallengePlace = { flowId: string } | { sessionId: string };

const columnsOf = (place: ChallengePlace) => ({
  flowId: "flowId" in place ? place.flowId : null,
  sessionId: "sessionId" in place ? place.sessionId : null,
});

export async function insertChallenge(
  id: string,
  place: ChallengePlace,
  digest: Uint8Array<ArrayBuffer>,
  lifetimeSeconds: number,
): Promise<void> {
  const { flowId, sessionId } = columnsOf(place);
  await prisma().$executeRaw`
    INSERT INTO factor_challenges (id, factor, flow_id, session_id, digest, expires_at)
    VALUES (${id}::uuid, 'passkey', ${flowId}::uuid, ${sessionId}::uuid, ${digest},
            now() + make_interval(secs => ${lifetimeSeconds}::double precision))`;
}

/** One conditional statement: of parallel answers to a challenge one gets true (DEC-1). */
export async function consumeChallenge(
  place: ChallengePlace,
  digest: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const { flowId, sessionId } = columnsOf(place);
  const count = await prisma().$executeRaw`
    UPDATE factor_challenges SET consumed_at = now()
     WHERE (flow_id = ${flowId}::uuid OR session_id = ${sessionId}::uuid)
       AND factor = 'passkey' AND digest = ${digest}
       AND consumed_at IS NULL AND expires_at > now()`;
  return count === 1;
}

export async function purgeChallenges(): Promise<number> {
  return prisma().$executeRaw`
    DELETE FROM factor_challenges
     WHERE factor = 'passkey' AND expires_at < now() - interval '1 day'`;
}
