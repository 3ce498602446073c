import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";

type Hash = Uint8Array<ArrayBuffer>;

export interface NewEmailChange {
  id: string;
  userId: string;
  oldEmail: string;
  newEmail: string;
  oldTokenHash: Hash;
  newTokenHash: Hash;
  lifetimeSeconds: number;
}

/** The index on the user refuses a second one that waits. */
export async function insertEmailChange(change: NewEmailChange, db: Db): Promise<void> {
  await db.$executeRaw`
    INSERT INTO email_changes (id, user_id, old_email, new_email, old_token_hash, new_token_hash,
                               expires_at)
    VALUES (${change.id}::uuid, ${change.userId}::uuid, ${change.oldEmail}, ${change.newEmail},
            ${change.oldTokenHash}, ${change.newTokenHash},
            now() + make_interval(secs => ${change.lifetimeSeconds}::double precision))`;
}

export interface PendingEmailChange {
  newEmail: string;
  oldConfirmed: boolean;
  newConfirmed: boolean;
  expiresAt: Date;
}

export async function findPendingEmailChange(userId: string): Promise<PendingEmailChange | null> {
  const rows = await prisma().$queryRaw<PendingEmailChange[]>`
    SELECT new_email AS "newEmail", old_confirmed_at IS NOT NULL AS "oldConfirmed",
           new_confirmed_at IS NOT NULL AS "newConfirmed", expires_at AS "expiresAt"
      FROM email_changes
     WHERE user_id = ${userId}::uuid AND changed_at IS NULL AND ended_at IS NULL
       AND expires_at > now()`;
  return rows[0] ?? null;
}

export interface EmailChangeLink {
  userId: string;
  newEmail: string;
  /** Whose mailbox the link went to. */
  side: "old" | "new";
  state: "pending" | "used" | "expired";
}

/** What a confirmation link stands for, without using it up. */
export async function findEmailChangeLink(tokenHash: Hash): Promise<EmailChangeLink | null> {
  const rows = await prisma().$queryRaw<EmailChangeLink[]>`
    SELECT user_id AS "userId", new_email AS "newEmail",
           CASE WHEN old_token_hash = ${tokenHash} THEN 'old' ELSE 'new' END AS side,
           CASE WHEN changed_at IS NOT NULL OR ended_at IS NOT NULL
                  OR (old_token_hash = ${tokenHash} AND old_confirmed_at IS NOT NULL)
                  OR (new_token_hash = ${tokenHash} AND new_confirmed_at IS NOT NULL) THEN 'used'
                WHEN expires_at <= now() THEN 'expired' ELSE 'pending' END AS state
      FROM email_changes
     WHERE old_token_hash = ${tokenHash} OR new_token_hash = ${tokenHash}`;
  return rows[0] ?? null;
}

export interface ConfirmedSide {
  userId: string;
  oldEmail: string;
  newEmail: string;
  /** True for the second confirmation: the address is to be changed now. */
  complete: boolean;
}

/**
 * One conditional statement for both sides: of parallel confirmations of a side
 * one counts, and of those of both sides exactly one is the second (DEC-1).
 */
export async function confirmSide(
  tokenHash: Hash,
  undo: { tokenHash: Hash; lifetimeSeconds: number },
  db: Db,
): Promise<ConfirmedSide | null> {
  const rows = await db.$queryRaw<ConfirmedSide[]>`
    WITH link AS (
      SELECT id, old_token_hash = ${tokenHash} AS is_old FROM email_changes
       WHERE old_token_hash = ${tokenHash} OR new_token_hash = ${tokenHash})
    UPDATE email_changes c SET
      old_confirmed_at = CASE WHEN is_old THEN now() ELSE old_confirmed_at END,
      new_confirmed_at = CASE WHEN is_old THEN new_confirmed_at ELSE now() END,
      changed_at = CASE WHEN CASE WHEN is_old THEN new_confirmed_at ELSE old_confirmed_at END
                             IS NOT NULL THEN now() END,
      undo_token_hash = ${undo.tokenHash},
      undo_expires_at = CASE WHEN CASE WHEN is_old THEN new_confirmed_at ELSE old_confirmed_at END
                                  IS NOT NULL
        THEN now() + make_interval(secs => ${undo.lifetimeSeconds}::double precision) END
      FROM link
     WHERE c.id = link.id AND changed_at IS NULL AND ended_at IS NULL AND expires_at > now()
       AND CASE WHEN is_old THEN old_confirmed_at ELSE new_confirmed_at END IS NULL
    RETURNING user_id AS "userId", old_email AS "oldEmail", new_email AS "newEmail",
              changed_at IS NOT NULL AS complete`;
  return rows[0] ?? null;
}

export interface UndoLink {
  id: string;
  userId: string;
  oldEmail: string;
  newEmail: string;
  state: "pending" | "used" | "expired";
}

/** What an undo link stands for, without using it up. */
export async function findUndoLink(tokenHash: Hash): Promise<UndoLink | null> {
  const rows = await prisma().$queryRaw<UndoLink[]>`
    SELECT id, user_id AS "userId", old_email AS "oldEmail", new_email AS "newEmail",
           CASE WHEN undone_at IS NOT NULL THEN 'used'
                WHEN undo_expires_at <= now() THEN 'expired' ELSE 'pending' END AS state
      FROM email_changes WHERE undo_token_hash = ${tokenHash} AND changed_at IS NOT NULL`;
  return rows[0] ?? null;
}

/** One conditional statement (DEC-1). Answers when the change was asked for. */
export async function consumeUndo(id: string, db: Db): Promise<{ requestedAt: Date } | null> {
  const rows = await db.$queryRaw<{ requestedAt: Date }[]>`
    UPDATE email_changes SET undone_at = now()
     WHERE id = ${id}::uuid AND changed_at IS NOT NULL AND undone_at IS NULL
       AND undo_expires_at > now()
    RETURNING created_at AS "requestedAt"`;
  return rows[0] ?? null;
}

/** Changes that rest on one that was taken back are over with it, and so are their undo links. */
export async function endLaterChanges(id: string, db: Db): Promise<void> {
  await db.$executeRaw`
    UPDATE email_changes later SET undone_at = now()
      FROM email_changes undone
     WHERE undone.id = ${id}::uuid AND later.user_id = undone.user_id
       AND later.changed_at > undone.changed_at AND later.undone_at IS NULL`;
}

export async function purgeEmailChanges(): Promise<number> {
  return prisma().$executeRaw`
    DELETE FROM email_changes
     WHERE GREATEST(expires_at, undo_expires_at) < now() - interval '7 days'`;
}
