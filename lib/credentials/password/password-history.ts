import "server-only";
import { verifyPassword } from "@/lib/credentials/password/hash-password";
import { listPasswordHashes } from "@/lib/credentials/password/password-store";

/** True when this is one of the user's last so many passwords, the present one included (F15). */
export async function isRememberedPassword(
  userId: string,
  password: string,
  count: number,
): Promise<boolean> {
  if (count === 0) return false;
  // One after the other: all at once would take every hashing slot.
  for (const hash of await listPasswordHashes(userId, count)) {
    if ((await verifyPassword(hash, password)).matches) return true;
  }
  return false;
}
