import "server-only";
import type { FlowPurpose } from "@/generated/prisma/client";
import type { RiskReason } from "@/lib/authn/risk";
import { type Db, prisma } from "@/lib/platform/db/client";
import type { Proof } from "@/lib/shared/factor";

export interface NewFlow {
  id: string;
  tokenHash: Uint8Array<ArrayBuffer>;
  purpose: FlowPurpose;
  email: string | null;
  userId: string | null;
  /** That of the user's sign-ins, from before anything was verified; null where nothing was. */
  epoch: number | null;
  sessionId: string | null;
  proofs: Proof[];
  riskReasons: RiskReason[];
  returnTo: string;
  upstreamId: string | null;
  lifetimeSeconds: number;
}

/**
 * One conditional statement: false where the user's sign-ins have been voided since
 * the epoch was read. A flow that begins with nothing proven has none (INV-2).
 */
export async function insertFlow(flow: NewFlow, db: Db = prisma()): Promise<boolean> {
  const count = await db.$executeRaw`
    WITH held AS (SELECT 1 FROM users
                   WHERE id = ${flow.userId}::uuid AND sign_in_epoch = ${flow.epoch} FOR SHARE)
    INSERT INTO sign_in_flows (id, token_hash, purpose, email, user_id, session_id, proofs,
                               risk_reasons, return_to, upstream_id, expires_at)
    SELECT ${flow.id}::uuid, ${flow.tokenHash}, ${flow.purpose}::flow_purpose, ${flow.email},
           ${flow.userId}::uuid, ${flow.sessionId}::uuid, ${flow.proofs}, ${flow.riskReasons},
           ${flow.returnTo}, ${flow.upstreamId}::uuid,
           now() + make_interval(secs => ${flow.lifetimeSeconds}::double precision)
     WHERE ${flow.epoch}::int IS NULL OR EXISTS (SELECT 1 FROM held)`;
  return count === 1;
}

export interface FlowRow {
  id: string;
  purpose: FlowPurpose;
  email: string | null;
  userId: string | null;
  /** That of the user's sign-ins, read with the flow; null where nobody is known. */
  epoch: number | null;
  sessionId: string | null;
  /** How the session to raise was authenticated; null where there is none. */
  sessionAmr: string[] | null;
  proofs: Proof[];
  riskReasons: RiskReason[];
  returnTo: string;
  /** The session at the provider that the sign-in began with. */
  upstreamId: string | null;
  step: number;
}

/** The flow of this browser that still waits for something, or null. */
export async function findOpenFlow(tokenHash: Uint8Array<ArrayBuffer>): Promise<FlowRow | null> {
  const rows = await prisma().$queryRaw<FlowRow[]>`
    SELECT f.id, f.purpose::text AS purpose, f.email, f.user_id AS "userId",
           f.session_id AS "sessionId", s.amr AS "sessionAmr", f.proofs,
           f.risk_reasons AS "riskReasons", f.return_to AS "returnTo",
           f.upstream_id AS "upstreamId", f.step, u.sign_in_epoch AS epoch
      FROM sign_in_flows f LEFT JOIN sessions s ON s.id = f.session_id
      LEFT JOIN users u ON u.id = f.user_id
     WHERE f.token_hash = ${tokenHash} AND f.finished_at IS NULL AND f.expires_at > now()`;
  return rows[0] ?? null;
}

/**
 * Notes a passed factor, and gives the flow a new secret with it. One conditional
 * statement: of two that answer the same step one gets true, and nothing is added
 * to a flow that has ended (DEC-1), nor for a user whose sign-ins have been voided
 * since the epoch was read, whether or not the flow knew them then (INV-2).
 */
export async function advanceFlow(
  { id, step }: FlowRow,
  {
    userId,
    epoch,
    proof,
    riskReasons,
  }: Pick<FlowRow, "riskReasons"> & { userId: string; epoch: number; proof: Proof },
  tokenHash: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const count = await prisma().$executeRaw`
    UPDATE sign_in_flows
       SET proofs = array_append(proofs, ${proof}), step = step + 1, user_id = ${userId}::uuid,
           token_hash = ${tokenHash}, risk_reasons = ${riskReasons}
      FROM (SELECT 1 FROM users
             WHERE id = ${userId}::uuid AND sign_in_epoch = ${epoch} FOR SHARE) held
     WHERE id = ${id}::uuid AND step = ${step} AND finished_at IS NULL AND expires_at > now()
       AND (user_id IS NULL OR user_id = ${userId}::uuid)`;
  return count === 1;
}

/** Ends a flow at this step, once; whoever gets true may open its session. */
export async function finishFlow(id: string, step: number, db: Db): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE sign_in_flows SET finished_at = now(), step = step + 1
     WHERE id = ${id}::uuid AND step = ${step} AND finished_at IS NULL AND expires_at > now()`;
  return count === 1;
}

export async function purgeFlows(): Promise<number> {
  return prisma().$executeRaw`
    DELETE FROM sign_in_flows WHERE expires_at < now()`;
}
