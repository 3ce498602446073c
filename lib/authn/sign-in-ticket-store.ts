import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";

export interface Ticket {
  userId: string;
  /** That of the user's sign-ins, as it was before anything was verified. */
  epoch: number;
  acr: string;
  amr: string[];
  /** The session to raise; left out, a new one is opened. */
  sessionId?: string | null;
  /** Whether the browser is to be spared the second factor from now on. */
  trustDevice?: boolean;
  /** The session at the provider that the new one comes from. */
  upstreamId?: string | null;
}

/**
 * One conditional statement: false where sign-ins have been voided since the epoch was
 * read. One that is being voided is waited for (INV-2).
 */
export async function insertTicket(
  tokenHash: Uint8Array<ArrayBuffer>,
  ticket: Ticket,
  lifetimeSeconds: number,
  id: string,
  db: Db = prisma(),
): Promise<boolean> {
  const count = await db.$executeRaw`
    INSERT INTO sign_in_tickets (id, token_hash, user_id, acr, amr, session_id, trust_device,
                                 upstream_id, expires_at)
    SELECT ${id}::uuid, ${tokenHash}, u.id, ${ticket.acr}, ${ticket.amr},
           ${ticket.sessionId ?? null}::uuid, ${ticket.trustDevice ?? false},
           ${ticket.upstreamId ?? null}::uuid,
           now() + make_interval(secs => ${lifetimeSeconds}::double precision)
      FROM users u
     WHERE u.id = ${ticket.userId}::uuid AND u.sign_in_epoch = ${ticket.epoch} FOR SHARE`;
  return count === 1;
}

export type RedeemedRow = Required<Omit<Ticket, "epoch">>;

/** Whose ticket it is, whatever it is worth. */
export async function findTicketOwner(
  tokenHash: Uint8Array<ArrayBuffer>,
  db: Db,
): Promise<string | null> {
  const ticket = await db.signInTicket.findUnique({
    where: { tokenHash },
    select: { userId: true },
  });
  return ticket?.userId ?? null;
}

/** One conditional statement: of any number of parallel redemptions one gets the row (DEC-1). */
export async function consumeTicket(
  tokenHash: Uint8Array<ArrayBuffer>,
  db: Db,
): Promise<RedeemedRow | null> {
  const rows = await db.$queryRaw<RedeemedRow[]>`
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
