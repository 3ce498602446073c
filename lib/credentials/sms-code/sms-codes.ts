import "server-only";
import "#node-only";
import { randomInt } from "node:crypto";
import type { FactorPrompt } from "@/lib/credentials/factor";
import { codeMessage } from "@/lib/credentials/sms-code/message";
import { parsePhone } from "@/lib/credentials/sms-code/phone-number";
import { type CodeScope, replaceCode, spendGuess } from "@/lib/credentials/sms-code/sms-code-store";
import { spendMessage } from "@/lib/credentials/sms-code/sms-limits";
import { getConfig } from "@/lib/platform/config";
import { isKeyedHash, keyedHash } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { languageOfReader } from "@/lib/platform/locale/language-of-reader";
import { translatorFor } from "@/lib/platform/locale/translator";
import { enqueueSms } from "@/lib/platform/sms/enqueue-sms";
import { smsSender } from "@/lib/platform/sms/sms-senders";
import type { RequestFacts } from "@/lib/shared/caller";
import { minutes } from "@/lib/shared/duration";

/** NIST SP 800-63B-4 §3.1.3.2: at most ten minutes, at least six digits. */
export const LIFETIME_SECONDS = minutes(10);
const DIGITS = 6;

const newCode = (): string => String(randomInt(10 ** DIGITS)).padStart(DIGITS, "0");

/** Keyed, because six digits are guessed from a plain hash at once; bound to scope and number. */
const digested = ({ flowId, sessionId }: CodeScope, number: string, code: string): string =>
  `sms code ${flowId ?? "-"} ${sessionId ?? "-"} ${number} ${code}`;

/**
 * Sends a code to a number, within the budgets and where messages may go, in the language that its
 * reader has set, else in that of the request.
 * `alongside` is done in the same transaction, and may say that nothing is to be sent.
 */
export async function sendSmsCode(
  { userId, number, scope }: { userId: string; number: string; scope: CodeScope },
  { ip, locale: asked }: RequestFacts,
  alongside?: (tx: Db) => Promise<boolean>,
): Promise<FactorPrompt> {
  // The configuration may have changed since the number was taken.
  if (smsSender() === null || parsePhone(number).outcome !== "parsed") {
    return { outcome: "unavailable" };
  }
  const budget = await spendMessage({
    number,
    userId,
    ip,
    use: scope.flowId === null ? "add" : "sign-in",
  });
  if (!budget.allowed) {
    return { outcome: "limited", retryAfterSeconds: budget.retryAfterSeconds };
  }
  const code = newCode();
  const [key = ""] = getConfig().dataEncryptionKeys;
  const digest = keyedHash(key, digested(scope, number, code));
  return inTransaction(async (tx): Promise<FactorPrompt> => {
    if (alongside && !(await alongside(tx))) return { outcome: "unavailable" };
    const sent = { id: newId(), userId, digest, lifetimeSeconds: LIFETIME_SECONDS };
    await replaceCode(scope, sent, tx);
    const t = await translatorFor(await languageOfReader({ userId }, tx, asked), "sms");
    await enqueueSms("sms-code", number, codeMessage(t, code), LIFETIME_SECONDS, tx);
    return { outcome: "asked" };
  });
}

export type GuessedCode =
  | { outcome: "right"; id: string }
  | { outcome: "rejected"; reason: "wrong" | "spent" };

/** Judges one guess and pays for it. A right code is not used up yet. */
export async function guessSmsCode(
  { userId, number, scope }: { userId: string; number: string; scope: CodeScope },
  text: string,
): Promise<GuessedCode> {
  const code = text.replace(/\s/g, "");
  if (!/^\d{6}$/.test(code)) return { outcome: "rejected", reason: "wrong" };
  const sent = await spendGuess(scope, userId);
  if (sent === null) return { outcome: "rejected", reason: "spent" };
  const keys = getConfig().dataEncryptionKeys;
  return isKeyedHash(sent.digest, keys, digested(scope, number, code))
    ? { outcome: "right", id: sent.id }
    : { outcome: "rejected", reason: "wrong" };
}
