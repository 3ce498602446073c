import "server-only";
import type { FactorOwner, FactorPrompt, Forgetting } from "@/lib/credentials/factor";
import { formatPhone, type ParsedPhone, parsePhone } from "@/lib/credentials/sms-code/phone-number";
import {
  confirmPendingPhone,
  consumeCode,
  deletePhone,
  findPendingNumber,
  findPhone,
  savePendingPhone,
} from "@/lib/credentials/sms-code/sms-code-store";
import {
  type GuessedCode,
  guessSmsCode,
  LIFETIME_SECONDS,
  sendSmsCode,
} from "@/lib/credentials/sms-code/sms-codes";
import type { Db } from "@/lib/platform/db/client";
import type { RequestFacts } from "@/lib/shared/caller";

export type BegunPhone = FactorPrompt | Extract<ParsedPhone, { outcome: "rejected" }>;

/**
 * Keeps a number for this session until its first code, which it sends, while `hold`
 * says that the session lives. One in use goes on working until then.
 */
export async function beginPhone(
  { userId, sessionId }: FactorOwner,
  text: string,
  request: RequestFacts,
  hold: (tx: Db) => Promise<boolean>,
): Promise<BegunPhone> {
  const parsed = parsePhone(text);
  if (parsed.outcome === "rejected") return parsed;
  const { number } = parsed;
  const scope = { flowId: null, sessionId };
  return sendSmsCode({ userId, number, scope }, request, async (tx) => {
    if (!(await hold(tx))) return false;
    await savePendingPhone({ userId, sessionId }, number, LIFETIME_SECONDS, tx);
    return true;
  });
}

/** The user's numbers as people write them: the one in use, and the one that waits in this session. */
export async function findPhones(
  owner: FactorOwner,
): Promise<{ inUse: string | null; pending: string | null }> {
  const [row, pending] = await Promise.all([findPhone(owner.userId), findPendingNumber(owner)]);
  return {
    inUse: row?.number ? formatPhone(row.number) : null,
    pending: pending === null ? null : formatPhone(pending),
  };
}

export type JudgedPhone = GuessedCode & { number: string };

/** Judges the first code of the number that waits for it in this session; null when none waits. */
export async function judgePhone(
  { userId, sessionId }: FactorOwner,
  code: string,
): Promise<JudgedPhone | null> {
  const number = await findPendingNumber({ userId, sessionId });
  if (number === null) return null;
  return {
    number,
    ...(await guessSmsCode({ userId, number, scope: { flowId: null, sessionId } }, code)),
  };
}

/** Puts the number into use and its code out of it; false when either is gone meanwhile. */
export const confirmPhone = async (
  owner: FactorOwner,
  { id, number }: { id: string; number: string },
  tx: Db,
): Promise<boolean> =>
  (await consumeCode(id, tx)) && (await confirmPendingPhone(owner, number, tx));

export const removePhone = (userId: string, tx: Db, which?: Forgetting): Promise<boolean> =>
  deletePhone(userId, tx, which);
