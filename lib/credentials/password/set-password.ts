import "server-only";
import { type AuditEventInput, recordEvent, recordEvents } from "@/lib/audit/record-event";
import {
  deletePasswordSince,
  findPasswordHash,
  insertPasswordHashes,
  savePasswordHash,
} from "@/lib/credentials/password/password-store";
import type { Db } from "@/lib/platform/db/client";
import type { RequestFacts } from "@/lib/shared/caller";

/**
 * Gives the user this password, in the caller's transaction, which also ends
 * the sessions that must not outlive the old one (F16). True when it is their first.
 */
export async function setPasswordHash(
  userId: string,
  hash: string,
  actor: AuditEventInput["actor"],
  request: RequestFacts,
  tx: Db,
): Promise<boolean> {
  const first = (await findPasswordHash(userId, tx)) === null;
  await savePasswordHash(userId, hash, tx);
  await recordEvent(
    {
      action: first ? "user.password_set" : "user.password_changed",
      outcome: "success",
      actor,
      target: { type: "user", id: userId },
    },
    request,
    tx,
  );
  return first;
}

/** Gives users who were created in this transaction the hash that they bring. */
export async function setFirstPasswordHashes(
  rows: { userId: string; hash: string }[],
  actor: AuditEventInput["actor"],
  request: RequestFacts,
  tx: Db,
): Promise<void> {
  if (rows.length === 0) return;
  await insertPasswordHashes(rows, tx);
  const events = rows.map(
    ({ userId }): AuditEventInput => ({
      action: "user.password_set",
      outcome: "success",
      actor,
      target: { type: "user", id: userId },
    }),
  );
  await recordEvents(events, request, tx);
}

/** Takes a password that was chosen since then, as whoever takes an account back must; true when it was. */
export const forgetPasswordSince = (userId: string, since: Date, tx: Db): Promise<boolean> =>
  deletePasswordSince(userId, since, tx);
