import "server-only";
import { isSecret } from "@/lib/platform/crypto";
import { canonicalEmail } from "@/lib/shared/email.schema";

// A browser's cookie of the accounts that it is signed in to besides the one it
// uses. Whoever can write cookies chooses what stands here: a secret opens what
// the database says and nothing else, and an address is shown as one.

export interface KeptSession {
  secret: string;
  /** As it was when the session was kept: what is left to say of one that has ended. */
  email: string;
}

/** So many besides the one in use. */
export const KEPT_MAX = 5;

const ENTRY_SEPARATOR = ",";
const FIELD_SEPARATOR = ":";

/** What a cookie keeps, newest first. What is no entry of ours is left out. */
export function parseKept(cookie: string | undefined): KeptSession[] {
  const kept: KeptSession[] = [];
  for (const entry of cookie?.split(ENTRY_SEPARATOR) ?? []) {
    const [secret, email = "", ...more] = entry.split(FIELD_SEPARATOR);
    if (!isSecret(secret) || canonicalEmail(email) !== email || more.length > 0) continue;
    if (kept.some((other) => other.secret === secret || other.email === email)) continue;
    kept.push({ secret, email });
  }
  return kept.slice(0, KEPT_MAX);
}

export const formatKept = (kept: readonly KeptSession[]): string =>
  kept.map(({ secret, email }) => [secret, email].join(FIELD_SEPARATOR)).join(ENTRY_SEPARATOR);

/** Puts a session first, in the place of another of the same account; the oldest leave. */
export function withKept(
  kept: readonly KeptSession[],
  session: KeptSession,
): { kept: KeptSession[]; left: KeptSession[] } {
  const isSame = ({ secret, email }: KeptSession) =>
    secret === session.secret || email === session.email;
  const all = [session, ...kept.filter((other) => !isSame(other))];
  const replaced = kept.filter((other) => isSame(other) && other.secret !== session.secret);
  return { kept: all.slice(0, KEPT_MAX), left: [...replaced, ...all.slice(KEPT_MAX)] };
}
