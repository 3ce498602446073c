import "server-only";
import {
  hashPassword,
  verifyNothing,
  verifyPassword,
} from "@/lib/credentials/password/hash-password";
import { findPasswordHash, replacePasswordHash } from "@/lib/credentials/password/password-store";

/**
 * True when the user has this password. Costs the same for an absent user or
 * password (ATK-38), and renews a hash of an older kind on success (F13).
 * Attempts are not limited here: the caller spends one first.
 */
export async function checkPassword(userId: string | null, password: string): Promise<boolean> {
  const stored = userId === null ? null : await findPasswordHash(userId);
  if (userId === null || stored === null) {
    await verifyNothing(password);
    return false;
  }
  const { matches, outdated } = await verifyPassword(stored, password);
  if (matches && outdated) {
    await replacePasswordHash(userId, stored, await hashPassword(password));
  }
  return matches;
}
