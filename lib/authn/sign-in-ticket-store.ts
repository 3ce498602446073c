import "server-only";
import type { Db } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";

export interface Ticket {
  userId: string;
  acr: string;
  amr: string[];
}

export async function insertTicket(
  tokenHash: Uint8Array,
  ticket: Ticket,
  lifetimeSeconds: number,
  id: string,
): Promise<void> {
  await pool().query(
    `INSERT INTO sign_in_tickets (id, token_hash, user_id, acr, amr, expires_at)
     VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))`,
    [id, Buffer.from(tokenHash), ticket.userId, ticket.acr, ticket.amr, lifetimeSeconds],
  );
}

/** One conditional statement: of any number of parallel redemptions one gets the row (DEC-1). */
export async function consumeTicket(
  tokenHash: Uint8Array<ArrayBuffer>,
  db: Db,
): Promise<Ticket | null> {
  const rows = await db.$queryRaw<Ticket[]>`
    UPDATE sign_in_tickets SET consumed_at = now()
     WHERE token_hash = ${tokenHash} AND consumed_at IS NULL AND expires_at > now()
    RETURNING user_id AS "userId", acr, amr`;
  return rows[0] ?? null;
}

export async function purgeTickets(): Promise<number> {
  const { rowCount } = await pool().query(
    "DELETE FROM sign_in_tickets WHERE expires_at < now() - interval '1 day'",
  );
  return rowCount ?? 0;
}
