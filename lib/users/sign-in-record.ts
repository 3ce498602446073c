import "server-only";
import type { UserStatus } from "@/generated/prisma/client";
import type { Db } from "@/lib/platform/db/client";
import { findFirstMembership, findUserByEmail, findUserById } from "@/lib/users/user-store";

/** The user that an address names, for the sign-in flow only. */
export async function findSignInUser(
  email: string,
): Promise<{ id: string; status: UserStatus } | null> {
  const user = await findUserByEmail(email);
  return user && { id: user.id, status: user.status };
}

/** Who may be given a session: an active user with an organization to be in. */
export async function findSignInSubject(
  userId: string,
  tx: Db,
): Promise<{ email: string; organizationId: string; lastSignInAt: Date | null } | null> {
  const user = await findUserById(userId, tx);
  if (user?.status !== "active") return null;
  const organizationId = await findFirstMembership(userId, tx);
  return organizationId === null
    ? null
    : { email: user.email, organizationId, lastSignInAt: user.lastSignInAt };
}
