import "server-only";
import {
  findLiveToken,
  type LiveTokenRow,
  touchToken,
} from "@/lib/personal-tokens/personal-token-store";
import { isPersonalToken, PERSONAL_TOKEN_PREFIX } from "@/lib/personal-tokens/token-format";
import { hashSecret } from "@/lib/platform/crypto";
import { networkOf } from "@/lib/platform/http/client-address";
import { type Limit, spend } from "@/lib/platform/rate-limit/limiter";
import { principalFrom } from "@/lib/sessions/principal-row";
import type { RequestFacts } from "@/lib/shared/caller";
import { minutes } from "@/lib/shared/duration";
import type { Principal } from "@/lib/shared/principal";

/**
 * Tokens without a row from one network. With 256 random bits there is nothing to
 * guess: this is for the noise. A token that is good is never refused for what
 * others of its network send, so the limit is no weapon (F117).
 */
const UNKNOWN_TOKENS: Limit = {
  name: "unknown-personal-token",
  pointsMax: 60,
  windowSeconds: minutes(10),
};

export type PersonalTokenJudgement =
  | { outcome: "authorized"; principal: Principal }
  | { outcome: "rejected"; reason: "unknown" }
  | { outcome: "rejected"; reason: "insufficient-scope"; principal: Principal; granted: string[] }
  | { outcome: "limited"; retryAfterSeconds: number };

/** What an Authorization header presents as a personal access token, whatever it is worth; else null. */
export function presentedPersonalToken(authorization: string | null): string | null {
  const [, token] = /^bearer +(\S+)$/i.exec(authorization ?? "") ?? [];
  return token?.startsWith(PERSONAL_TOKEN_PREFIX) ? token : null;
}

/**
 * Judges a personal access token (F41): that it has not expired or been revoked,
 * that its owner is active and a member where it was made, and that it has the
 * scope. What the owner may do is read when it is asked, and never stands in a
 * token. Throws when the database cannot say.
 */
export async function authorizePersonalToken(
  token: string,
  scope: string,
  { ip }: RequestFacts,
): Promise<PersonalTokenJudgement> {
  // Cut off or mistyped: nothing is looked up and nothing counted.
  if (!isPersonalToken(token)) return { outcome: "rejected", reason: "unknown" };
  const row = await findLiveToken(hashSecret(token));
  if (row === null) {
    const budget = await spend(UNKNOWN_TOKENS, networkOf(ip));
    if (budget.allowed) return { outcome: "rejected", reason: "unknown" };
    return { outcome: "limited", retryAfterSeconds: budget.retryAfterSeconds };
  }
  if (row.touchDue) await touchToken(row.shownById);
  const { scopes: granted } = row;
  const principal = principalOf(row);
  if (granted.includes(scope)) return { outcome: "authorized", principal };
  return { outcome: "rejected", reason: "insufficient-scope", principal, granted };
}

const principalOf = (row: LiveTokenRow): Principal => ({
  ...principalFrom(row),
  means: "personal-token",
  clientId: null,
  session: {
    id: row.shownById,
    // What its maker had proven is what it is held to where a second factor is asked for.
    acr: row.acr,
    amr: row.amr,
    // Nobody is there: it is never fresh.
    authTime: new Date(0),
    deviceTrusted: false,
    idleBeyondSeconds: null,
  },
});
