import "server-only";
import { invitationMail } from "@/lib/authn/mails";
import { contextWords } from "@/lib/authn/register";
import { completeSetup } from "@/lib/authn/setup-store";
import { replaceToken } from "@/lib/authn/verification-token-store";
import { hashPassword } from "@/lib/credentials/password/hash-password";
import { judgePassword, type PasswordRefusal } from "@/lib/credentials/password/judge-password";
import { setPasswordHash } from "@/lib/credentials/password/set-password";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import type { Caller, RequestFacts } from "@/lib/shared/caller";
import { days } from "@/lib/shared/duration";
import {
  type AddedUser,
  type AdditionTerms,
  addUser,
  addUserAsOperator,
  type Finish,
  type Prepare,
  type UserAddition,
} from "@/lib/users/add-user";

/** As the mail says. Longer than a reset link: nobody waits for an invitation. */
const INVITATION_LIFETIME_SECONDS = days(7);

export interface Invitation {
  email: string;
  name: string | null;
  /** Null lets the user choose one by a link in a mail. */
  password: string | null;
  /** Null gives what everybody gets who signs up. */
  roleIds: string[] | null;
}

export type InvitationResult = UserAddition | { outcome: "rejected"; reason: PasswordRefusal };

/**
 * Creates a user who can sign in with the given password at once, or who is
 * mailed a link to choose one and is pending until they do. Either all of it
 * happens, user, roles, password or mail, or nothing.
 */
export async function inviteUser(
  caller: Caller,
  invitation: Invitation,
  terms?: AdditionTerms,
): Promise<InvitationResult> {
  const prepared = prepareAddition(invitation, caller.request);
  return prepared.outcome === "rejected"
    ? prepared
    : addUser(caller, prepared.user, prepared.prepare, terms);
}

/**
 * The same from the command line, with the invitation's secret for where no
 * mail is read. The first user with every permission completes the set-up, so
 * that nobody else becomes the first administrator (ATK-45).
 */
export async function inviteUserAsOperator(
  invitation: Invitation,
  request: RequestFacts,
): Promise<{ result: InvitationResult; secret: string | null }> {
  const prepared = prepareAddition(invitation, request);
  if (prepared.outcome === "rejected") return { result: prepared, secret: null };
  const result = await addUserAsOperator(request, prepared.user, async () => {
    const finish = await prepared.prepare();
    return async (user, tx) => {
      await finish(user, tx);
      if (user.administrator) await completeSetup(null, tx);
    };
  });
  return { result, secret: result.outcome === "created" ? prepared.secret : null };
}

type Prepared =
  | { outcome: "prepared"; user: AddedUser; secret: string | null; prepare: Prepare }
  | { outcome: "rejected"; reason: PasswordRefusal };

function prepareAddition(
  { email, name, password, roleIds }: Invitation,
  request: RequestFacts,
): Prepared {
  if (password === null) {
    const secret = newSecret();
    const finish: Finish = ({ id }, tx) => sendInvitation(id, email, secret, tx);
    return {
      outcome: "prepared",
      user: { email, name, roleIds, status: "pending" },
      secret,
      prepare: async () => finish,
    };
  }
  const refusal = judgePassword(password, contextWords(email, name));
  if (refusal !== null) return { outcome: "rejected", reason: refusal };
  const prepare: Prepare = async () => {
    const hash = await hashPassword(password);
    return async ({ id, actor }, tx) => {
      await setPasswordHash(id, hash, actor, request, tx);
    };
  };
  return {
    outcome: "prepared",
    user: { email, name, roleIds, status: "active" },
    secret: null,
    prepare,
  };
}

/** Mails a link by which a pending user chooses a password; earlier links stop working. */
export async function sendInvitation(
  userId: string,
  email: string,
  secret: string,
  tx: Db,
): Promise<void> {
  const tokenHash = hashSecret(secret);
  const lifetimeSeconds = INVITATION_LIFETIME_SECONDS;
  await replaceToken(newId(), userId, "invitation", tokenHash, lifetimeSeconds, tx);
  await enqueueMail("invitation", email, invitationMail(secret), tx, { lifetimeSeconds });
}
