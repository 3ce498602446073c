import "server-only";
import { type GuessBudget, REQUESTS_PER_SOURCE, STRANGER_BUDGET } from "@/lib/authn/attempt-limits";
import { issueChallenge, redeemProof } from "@/lib/authn/proof-of-work";
import { networkOf } from "@/lib/platform/http/client-address";
import { countUses } from "@/lib/platform/rate-limit/limiter";
import type { WorkChallenge } from "@/lib/shared/form-state";

/** Typing errors are no attack: so many failures cost nothing. */
const FREE_FAILURES = 3;
/** Sign-ups that a household or a small office may need at once. */
const FREE_REQUESTS = 15;
/** About a fifth of a second on a desktop, a second on an old telephone. */
const FIRST_BITS = 16;
/** Some ten seconds on the telephone: beyond that the lock is what slows down. */
const MOST_BITS = 20;

const harder = (by: number): number => Math.min(MOST_BITS, FIRST_BITS + by);

/** How hard the next guess of a stranger is; 0 for not at all. Harder with each failure and each lock. */
export function workOf(failures: number, locks: number, { failures: limit }: GuessBudget): number {
  // Nobody works for an attempt that a lock refuses all the same.
  if (failures >= limit.pointsMax) return 0;
  if (locks === 0 && failures < FREE_FAILURES) return 0;
  return harder(Math.max(0, failures - FREE_FAILURES) + locks);
}

/**
 * What the browser of a stranger works on before another password for this
 * account is looked at, the soft step before a lock (F119); null for nothing,
 * also where the work is done. A known device is never asked.
 */
export async function demandWorkForPassword(
  email: string,
  deviceId: string | null,
  proof: string | undefined,
): Promise<WorkChallenge | null> {
  if (deviceId !== null) return null;
  const { failures, locks } = STRANGER_BUDGET;
  const [failed, locked] = await countUses([failures, email], [locks, email]);
  return demand(`password ${email}`, workOf(failed, locked, STRANGER_BUDGET), proof);
}

/** The same for one more sign-up from a network that has begun many. */
export async function demandWorkForSignUp(
  ip: string | null,
  proof: string | undefined,
): Promise<WorkChallenge | null> {
  const network = networkOf(ip);
  const [asked] = await countUses([REQUESTS_PER_SOURCE, network]);
  const isAsked = asked >= FREE_REQUESTS && asked < REQUESTS_PER_SOURCE.pointsMax;
  const bits = isAsked ? harder(Math.floor((asked - FREE_REQUESTS) / 5)) : 0;
  return demand(`sign-up ${network}`, bits, proof);
}

async function demand(subject: string, bits: number, proof: string | undefined) {
  if (bits === 0 || (await redeemProof(proof, subject, bits))) return null;
  return issueChallenge(subject, bits);
}
