import "server-only";
import type { Account } from "oidc-provider";
import { findUserClaims } from "@/lib/users/user-identity";

/** The user behind a subject, while they are active; the engine takes the claims that the scopes allow. */
export async function findAccount(_ctx: unknown, userId: string): Promise<Account | undefined> {
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
