import "server-only";
import type { KoaContextWithOIDC, Provider, RefreshToken } from "oidc-provider";
import { recordEvent } from "@/lib/audit/record-event";
import { tokenReusedMail } from "@/lib/oidc/mails";
import { inTransaction } from "@/lib/platform/db/transaction";
import { factsFromHeaders } from "@/lib/platform/http/lane";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import { revokeSessions } from "@/lib/sessions/revoke-sessions";
import { findUserIdentity } from "@/lib/users/user-identity";

/** What the answer says then, to the client that has to sign its user in again. */
export const REUSED = "the refresh token was used before; its family has ended";

/**
 * After somebody has presented a refresh token that was used up before: the
 * engine has taken back the grant and with it the family; here its session ends
 * too, and the user is told (RFC 9700 §4.14.2, F39).
 */
export const noteRefreshReuse: Parameters<Provider["use"]>[0] = async (ctx, next) => {
  await next();
  const { oidc } = ctx as unknown as Partial<KoaContextWithOIDC>;
  if (oidc?.route !== "token") return;
  const token = oidc.entities.RefreshToken;
  if (token?.consumed === undefined || oidc.params?.["grant_type"] !== "refresh_token") return;
  await endFamily(token, String(oidc.client?.clientName ?? token.clientId), ctx.get.bind(ctx));
  // To a browser the engine shows a page instead.
  const answer = ctx.body as unknown;
  if (typeof answer === "object" && answer !== null) {
    Object.assign(answer, { error_description: REUSED });
  }
};

async function endFamily(
  { accountId, sessionUid, clientId, grantId }: RefreshToken,
  clientName: string,
  header: (name: string) => string,
): Promise<void> {
  const request = factsFromHeaders((name) => header(name) || null);
  await inTransaction(async (tx) => {
    const actor = { type: "system" } as const;
    await recordEvent(
      {
        action: "token.reused",
        outcome: "denied",
        actor,
        target: { type: "user", id: accountId },
        after: { clientId: clientId ?? null, grantId: grantId ?? null },
      },
      request,
      tx,
    );
    if (sessionUid !== undefined) {
      await revokeSessions(accountId, { only: sessionUid }, "token_reused", actor, request, tx);
    }
    const user = await findUserIdentity(accountId, tx);
    if (user !== null)
      await enqueueMail("token-reused", user.email, tokenReusedMail(clientName), tx);
  });
}
