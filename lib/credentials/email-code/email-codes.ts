import "server-only";
import "#node-only";
import { randomInt } from "node:crypto";
import {
  consumeLink,
  findLink,
  hasOpenCode,
  type LinkRow,
  replaceCode,
} from "@/lib/credentials/email-code/email-code-store";
import {
  noSuchAccountMail,
  signInCodeMail,
  signInLinkMail,
} from "@/lib/credentials/email-code/mails";
import { getConfig } from "@/lib/platform/config";
import { hashSecret, isKeyedHash, isSecret, keyedHash, newSecret } from "@/lib/platform/crypto";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { askedBy, enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import type { RequestFacts } from "@/lib/shared/caller";
import { minutes } from "@/lib/shared/duration";
import { hasAddress } from "@/lib/users/email-address";

/** F4: at most ten minutes. */
const LIFETIME_SECONDS = minutes(10);
const DIGITS = 6;

const newCode = (): string => String(randomInt(10 ** DIGITS)).padStart(DIGITS, "0");

/** Keyed, because six digits are guessed from a plain hash at once; bound to the flow. */
const digested = (flowId: string, code: string): string => `email code ${flowId} ${code}`;

/** Whether a digest is that of a code of this flow, also by a key that is not the first any more. */
export const isDigestOf = (digest: Uint8Array, flowId: string, code: string): boolean =>
  isKeyedHash(digest, getConfig().dataEncryptionKeys, digested(flowId, code));

/** Whether a code is on its way to whoever goes through this flow, or says so though nobody gets it. */
export const isCodeSent = (flowId: string): Promise<boolean> => hasOpenCode(flowId);

/**
 * Mails a code or a link for this flow. An address that nobody has gets a mail
 * that says so, so that neither answer nor time tells a stranger which it is (ATK-38).
 */
export async function sendEmailCode(
  { flowId, userId, email }: { flowId: string; userId: string | null; email: string },
  via: "code" | "link",
  request: Pick<RequestFacts, "locale" | "organization"> = {},
): Promise<void> {
  const [code, secret] = [newCode(), newSecret()];
  const [key = ""] = getConfig().dataEncryptionKeys;
  const known = via === "code" ? signInCodeMail(code) : signInLinkMail(secret);
  await inTransaction(async (tx) => {
    // Looked up before: the address may be another's by now, or nobody's.
    const holder = userId !== null && (await hasAddress(userId, email, tx)) ? userId : null;
    await replaceCode(
      {
        id: newId(),
        flowId,
        userId: holder,
        // A code that was never sent is none that could be guessed.
        digest: keyedHash(key, digested(flowId, via === "code" ? code : newSecret())),
        linkHash: via === "link" ? hashSecret(secret) : null,
        lifetimeSeconds: LIFETIME_SECONDS,
      },
      tx,
    );
    const content = holder === null ? noSuchAccountMail() : known;
    const terms = { lifetimeSeconds: LIFETIME_SECONDS, ...askedBy(request) };
    await enqueueMail(`sign-in-${via}`, email, content, tx, terms);
  });
}

/** What a sign-in link is worth now. Looking never uses it up (F3). */
export const inspectEmailLink = (token: unknown): Promise<LinkRow | null> =>
  isSecret(token) ? findLink(hashSecret(token)) : Promise.resolve(null);

/** Uses a link up, once, and says whom it signs in; null for every other. */
export const redeemEmailLink = (token: unknown): Promise<string | null> =>
  isSecret(token) ? consumeLink(hashSecret(token)) : Promise.resolve(null);
