import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { actorOf, asCaller } from "@/lib/authz/authority";
import { tokenCreatedMail } from "@/lib/personal-tokens/mails";
import {
  countTokens,
  insertToken,
  listTokenRows,
} from "@/lib/personal-tokens/personal-token-store";
import { revokePersonalTokens } from "@/lib/personal-tokens/revoke-tokens";
import { newPersonalToken } from "@/lib/personal-tokens/token-format";
import { hashSecret } from "@/lib/platform/crypto";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import { holdSession } from "@/lib/sessions/hold-session";
import { requireAssurance, SENSITIVE } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { isId } from "@/lib/shared/id.schema";
import { lockUser } from "@/lib/users/user-identity";

/** More than these nobody keeps apart; expired ones count until they are purged. */
export const TOKENS_MAX = 50;

export interface PersonalToken {
  id: string;
  name: string;
  scopes: string[];
  createdAt: Date;
  expiresAt: Date;
  /** To the minute; null while unused. */
  lastUsedAt: Date | null;
}

/** The caller's own personal access tokens, newest first, with those that expired a short while ago. */
export const listOwnTokens = ({ principal }: Caller): Promise<PersonalToken[]> =>
  listTokenRows(principal.userId, principal.organizationId);

export type TokenCreation =
  /** `secret` exists nowhere else, and cannot be shown again. */
  | { outcome: "created"; token: PersonalToken; secret: string }
  | { outcome: "rejected"; reason: "too-many" }
  /** The session has ended meanwhile. */
  | { outcome: "rejected"; reason: "signed-out" };

/**
 * Makes a personal access token for the caller, who has just proven who they are,
 * and tells them by mail (F41). It opens what they may do, within its scopes, and
 * no more than their session proved: nothing that needs a person. An app that acts
 * for somebody, or another token, makes none: it would outlive its own end.
 */
export async function createToken(
  caller: Caller,
  { name, scopes, lifetimeDays }: { name: string; scopes: readonly string[]; lifetimeDays: number },
): Promise<TokenCreation> {
  const { principal } = caller;
  requireAssurance(principal, SENSITIVE);
  const secret = newPersonalToken();
  const { userId, organizationId, session } = principal;
  return inTransaction(async (tx): Promise<TokenCreation> => {
    // Whatever ends all tokens of a user is waited for, or waits.
    await lockUser(userId, tx);
    if (!(await holdSession(caller, tx))) return { outcome: "rejected", reason: "signed-out" };
    if ((await countTokens(userId, tx)) >= TOKENS_MAX) {
      return { outcome: "rejected", reason: "too-many" };
    }
    const token = { id: newId(), name, scopes: [...new Set(scopes)] };
    const tokenHash = hashSecret(secret);
    const { acr, amr } = session;
    const times = await insertToken(
      {
        ...token,
        userId,
        organizationId,
        tokenHash,
        acr,
        amr,
        sessionId: session.id,
        lifetimeDays,
      },
      tx,
    );
    await recordChange(
      caller,
      {
        action: "personal_token.created",
        target: { type: "personal_token", id: token.id },
        after: {
          name,
          userId,
          scopes: token.scopes,
          expiresAt: times.expiresAt.toISOString(),
        },
      },
      tx,
    );
    const mail = tokenCreatedMail(name, token.scopes);
    await enqueueMail("personal-token-created", principal.email, mail, tx, {
      asked: caller.request.locale,
    });
    return { outcome: "created", token: { ...token, ...times, lastUsedAt: null }, secret };
  });
}

/** Ends one of the caller's own tokens; false for one that is not theirs, or not any more. */
export async function revokeOwnToken(caller: Caller, id: string): Promise<boolean> {
  if (!isId(id)) return false;
  const { principal, request } = caller;
  const actor = actorOf(asCaller(caller));
  return inTransaction(
    async (tx) =>
      (await revokePersonalTokens(
        principal.userId,
        { only: id },
        "revoked_by_user",
        actor,
        request,
        tx,
      )) > 0,
  );
}
