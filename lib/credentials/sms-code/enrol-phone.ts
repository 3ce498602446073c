import "server-only";
import type { FactorPrompt, Forgetting } from "@/lib/credentials/factor";
import { formatPhone, type ParsedPhone, parsePhone } from "@/lib/credentials/sms-code/phone-number";
import {
  confirmPendingPhone,
  consumeCode,
  deletePhone,
  findPhone,
  savePendingPhone,
} from "@/lib/credentials/sms-code/sms-code-store";
import { type GuessedCode, guessSmsCode, sendSmsCode } from "@/lib/credentials/sms-code/sms-codes";
import type { Db } from "@/lib/platform/db/client";
import type { RequestFacts } from "@/lib/shared/caller";

/** Whose telephone, and the session in which it is being added. */
export interface PhoneOwner {
  userId: string;
  sessionId: string;
}

export type BegunPhone = FactorPrompt | Extract<ParsedPhone, { outcome: "rejected" }>;

/** Keeps a number until its first code, which it sends. One in use goes on working until then. */
export async function beginPhone(
  { userId, sessionId }: PhoneOwner,
  text: string,
  request: RequestFacts,
): Promise<BegunPhone> {
  const parsed = parsePhone(text);
  if (parsed.outcome === "rejected") return parsed;
  const { number } = parsed;
  return sendSmsCode({ userId, number, scope: { flowId: null, sessionId } }, request, (tx) =>
    savePendingPhone(userId, number, tx),
  );
}

/** The user's numbers as people write them: the one in use, and the one that waits for a code. */
export async function findPhones(
  userId: string,
): Promise<{ inUse: string | null; pending: string | null }> {
  const row = await findPhone(userId);
  return {
    inUse: row?.number ? formatPhone(row.number) : null,
    pending: row?.pendingNumber ? formatPhone(row.pendingNumber) : null,
  };
}

export type JudgedPhone = GuessedCode & { number: string };

/** Judges the first code of the number that waits for it; null when none waits. */
export async function judgePhone(
  { userId, sessionId }: PhoneOwner,
  code: string,
): Promise<JudgedPhone | null> {
  const number = (await findPhone(userId))?.pendingNumber ?? null;
  if (number === null) return null;
  return {
    number,
    ...(await guessSmsCode({ userId, number, scope: { flowId: null, sessionId } }, code)),
  };
}

/** Puts the number into use and its code out of it; false when either is gone meanwhile. */
export const confirmPhone = async (
  owner: PhoneOwner,
  { id, number }: { id: string; number: string },
  tx: Db,
): Promise<boolean> =>
  (await consumeCode(id, tx)) && (await confirmPendingPhone(owner, number, tx));

export const removePhone = (userId: string, tx: Db, which?: Forgetting): Promise<boolean> =>
  deletePhone(userId, tx, which);
