import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { REQUESTS_PER_SOURCE } from "@/lib/authn/attempt-limits";
import { demandWorkForSignUp } from "@/lib/authn/demand-work";
import { spendMail } from "@/lib/authn/mail-budget";
import { addressTakenMail, confirmEmailMail } from "@/lib/authn/mails";
import { insertRegistration } from "@/lib/authn/registration-store";
import { hashPassword } from "@/lib/credentials/password/hash-password";
import { judgePassword, type PasswordRefusal } from "@/lib/credentials/password/judge-password";
import { opensSignUp } from "@/lib/invitations/accept-invitation";
import { getConfig } from "@/lib/platform/config";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import { inTransaction } from "@/lib/platform/db/transaction";
import { networkOf } from "@/lib/platform/http/client-address";
import { newId } from "@/lib/platform/id";
import { askedBy, enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import { spend } from "@/lib/platform/rate-limit/limiter";
import type { RequestFacts } from "@/lib/shared/caller";
import { days } from "@/lib/shared/duration";
import type { WorkChallenge } from "@/lib/shared/form-state";
import { findSignInUser } from "@/lib/users/sign-in-record";

const LINK_LIFETIME_SECONDS = days(1);

export interface RegistrationInput {
  email: string;
  name: string | null;
  password: string;
  /** The secret of the cookie that ties the confirmation to this browser; null for the API. */
  browserSecret: string | null;
  /** That the browser has worked for it, where it was asked to. */
  proof?: string | undefined;
  /** The secret of an invitation into an organization, which this browser came by. */
  invitation?: unknown;
}

export type RegistrationResult =
  /** Said for known and unknown addresses alike: the mail tells its owner which it was. */
  | { outcome: "accepted" }
  | { outcome: "rejected"; reason: "sign-up-closed" | PasswordRefusal }
  | { outcome: "limited"; retryAfterSeconds: number }
  | { outcome: "challenge-required"; challenge: WorkChallenge };

/** Words that a password of this person should not mostly consist of. */
export const contextWords = (email: string, name: string | null): string[] => [
  email,
  ...(name === null ? [] : [name]),
  "gatehouse",
  getConfig().appUrl.hostname,
];

/**
 * Starts a sign-up. Nothing of a user exists until the address is confirmed,
 * and no answer, in words or in time, tells whether the address has an account
 * (ATK-38): both paths hash once, keep the sign-up and queue one mail. Where there
 * is an account nobody is told the sign-up's link, so nothing can come of it.
 */
export async function register(
  input: RegistrationInput,
  request: RequestFacts,
): Promise<RegistrationResult> {
  // By the secret and not by the address alone: else anybody could ask who is invited (ATK-38).
  const { signUp } = getConfig();
  const mayCome =
    signUp === "open" ||
    (signUp === "invite" && (await opensSignUp(input.invitation, input.email)));
  if (!mayCome) return { outcome: "rejected", reason: "sign-up-closed" };
  const refusal = judgePassword(input.password, contextWords(input.email, input.name));
  if (refusal !== null) return { outcome: "rejected", reason: refusal };
  const challenge = await demandWorkForSignUp(request.ip, input.proof);
  if (challenge !== null) return { outcome: "challenge-required", challenge };
  const source = await spend(REQUESTS_PER_SOURCE, networkOf(request.ip));
  if (!source.allowed) return { outcome: "limited", retryAfterSeconds: source.retryAfterSeconds };

  const passwordHash = await hashPassword(input.password);
  const recipient = await spendMail(input.email, null);
  const user = await findSignInUser(input.email);
  const secret = newSecret();
  await inTransaction(async (tx) => {
    await insertRegistration(
      newId(),
      {
        email: input.email,
        name: input.name,
        passwordHash,
        tokenHash: hashSecret(secret),
        browserHash: input.browserSecret === null ? null : hashSecret(input.browserSecret),
        lifetimeSeconds: LINK_LIFETIME_SECONDS,
      },
      tx,
    );
    await recordEvent(
      {
        action: "registration.requested",
        outcome: "success",
        actor: { type: "anonymous" },
        target: user === null ? undefined : { type: "user", id: user.id },
      },
      request,
      tx,
    );
    // Past the limit the answer stays the same and the mail is not sent (F120).
    if (!recipient.allowed) return;
    const mail = user === null ? confirmEmailMail(secret) : addressTakenMail();
    const kind = user === null ? "confirm-email" : "address-taken";
    const terms = { lifetimeSeconds: LINK_LIFETIME_SECONDS, ...askedBy(request) };
    await enqueueMail(kind, input.email, mail, tx, terms);
  });
  return { outcome: "accepted" };
}
