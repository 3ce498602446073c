import "server-only";
import type { Account, KoaContextWithOIDC } from "oidc-provider";
import { isKeptOut, type OfSession } from "@/lib/oidc/held-back";
import { findUserClaims } from "@/lib/users/user-identity";

/**
 * The user behind a subject, while they are active and the session behind a code or a token is not held
 * back; the engine takes the claims that the scopes allow.
 */
export async function findAccount(
  ctx: KoaContextWithOIDC,
  userId: string,
  token?: OfSession,
): Promise<Account | undefined> {
  if (token !== undefined && (await isKeptOut(ctx, token))) return undefined;
  const user = await findUserClaims(userId);
  if (user === null) return undefined;
  return {
    accountId: userId,
    claims: async () => ({
      sub: userId,
      name: user.name ?? undefined,
      updated_at: Math.floor(user.updatedAt.getTime() / 1000),
      email: user.email,
      email_verified: user.emailVerified,
    }),
  };
}
