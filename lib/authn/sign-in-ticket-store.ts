import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";

export interface Ticket {
  userId: string;
  acr: string;
  amr: string[];
  /** The session to raise; left out, a new one is opened. */
  sessionId?: string | null;
  /** Whether the browser is to be spared the second factor from now on. */
  trustDevice?: boolean;
  /** The session at the provider that the new one comes from. */
  upstreamId?: string | null;
}

export async function insertTicket(
  tokenHash: Uint8Array<ArrayBuffer>,
  ticket: Ticket,
  lifetimeSeconds: number,
  id: string,
  db: Db = prisma(),
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO sign_in_tickets (id, token_hash, user_id, acr, amr, session_id, trust_device,
                                 upstream_id, expires_at)
    VALUES (${id}::uuid, ${tokenHash}, ${ticket.userId}::uuid, ${ticket.acr}, ${ticket.amr},
            ${ticket.sessionId ?? null}::uuid, ${ticket.trustDevice ?? false},
            ${ticket.upstreamId ?? null}::uuid,
            now() + make_interval(secs => ${lifetimeSeconds}::double precision))`;
}

/** One conditional statement: of any number of parallel redemptions one gets the row (DEC-1). */
export async function consumeTicket(
  tokenHash: Uint8Array<ArrayBuffer>,
  db: Db,
): Promise<Required<Ticket> | null> {
  const rows = await db.$queryRaw<Required<Ticket>[]>`
    UPDATE sign_in_tickets SET consumed_at = now()
     WHERE token_hash = ${tokenHash} AND consumed_at IS NULL AND expires_at > now()
    RETURNING user_id AS "userId", acr, amr, session_id AS "sessionId",
              trust_device AS "trustDevice", upstream_id AS "upstreamId"`;
  return rows[0] ?? null;
}

export async function purgeTickets(): Promise<number> {
  const { rowCount } = await pool().query(
    "DELETE FROM sign_in_tickets WHERE expires_at < now() - interval '1 day'",
  );
  return rowCount ?? 0;
}
