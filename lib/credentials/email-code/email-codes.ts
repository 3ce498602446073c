import "server-only";
import "#node-only";
import { randomInt } from "node:crypto";
import {
  consumeLink,
  findLink,
  type LinkRow,
  replaceCode,
} from "@/lib/credentials/email-code/email-code-store";
import { getConfig } from "@/lib/platform/config";
import { hashSecret, isSecret, keyedHash, newSecret } from "@/lib/platform/crypto";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import type { MailContent } from "@/lib/platform/mail/render-mail";
import { minutes } from "@/lib/shared/duration";

/** F4: at most ten minutes. */
const LIFETIME_SECONDS = minutes(10);
const DIGITS = 6;

const newCode = (): string => String(randomInt(10 ** DIGITS)).padStart(DIGITS, "0");

/** Keyed, because six digits are guessed from a plain hash at once; bound to the flow. */
export const digestOf = (flowId: string, code: string): Uint8Array<ArrayBuffer> =>
  keyedHash(getConfig().dataEncryptionKeys[0] ?? "", `email code ${flowId} ${code}`);

const codeMail = (code: string): MailContent => ({
  subject: `${code} is your sign-in code`,
  paragraphs: [
    `Your sign-in code is ${code}. It works once, within ten minutes, in the browser that asked for it.`,
    "Never tell it to anybody. If you did not ask for it, ignore this mail: without the code nobody is in.",
  ],
});

const linkMail = (secret: string): MailContent => ({
  subject: "Your sign-in link",
  paragraphs: [
    "This link signs you in. It works once, within ten minutes.",
    "If you did not ask for it, ignore this mail, and do not pass it on.",
  ],
  action: {
    label: "Sign in",
    url: new URL(`/sign-in/link?token=${secret}`, getConfig().appUrl).href,
  },
});

const unknownMail = (): MailContent => ({
  subject: "No account with this address",
  paragraphs: [
    "Somebody, hopefully you, wanted to sign in with this email address, but it has no account.",
    "Perhaps you signed up with another one. If it was not you, ignore this mail.",
  ],
});

/**
 * Mails a code or a link for this flow. An address that nobody has gets a mail
 * that says so, so that neither answer nor time tells a stranger which it is (ATK-38).
 */
export async function sendEmailCode(
  { flowId, userId, email }: { flowId: string; userId: string | null; email: string },
  via: "code" | "link",
): Promise<void> {
  const [code, secret] = [newCode(), newSecret()];
  const known = via === "code" ? codeMail(code) : linkMail(secret);
  await inTransaction(async (tx) => {
    await replaceCode(
      {
        id: newId(),
        flowId,
        userId,
        // A code that was never sent is none that could be guessed.
        digest: digestOf(flowId, via === "code" ? code : newSecret()),
        linkHash: via === "link" ? hashSecret(secret) : null,
        lifetimeSeconds: LIFETIME_SECONDS,
      },
      tx,
    );
    const content = userId === null ? unknownMail() : known;
    await enqueueMail(`sign-in-${via}`, email, content, tx);
  });
}

/** What a sign-in link is worth now. Looking never uses it up (F3). */
export const inspectEmailLink = (token: unknown): Promise<LinkRow | null> =>
  isSecret(token) ? findLink(hashSecret(token)) : Promise.resolve(null);

/** Uses a link up, once, and says whom it signs in; null for every other. */
export const redeemEmailLink = (token: unknown): Promise<string | null> =>
  isSecret(token) ? consumeLink(hashSecret(token)) : Promise.resolve(null);
