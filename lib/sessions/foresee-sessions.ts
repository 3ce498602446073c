import "server-only";
import {
  type JudgedSessions,
  listStandings,
  type SessionScope,
  type StandingRow,
  type Terms,
} from "@/lib/sessions/standing-store";
import { isWithinRanges } from "@/lib/shared/address-range";
import { type RuleHold, ruleHoldOf } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";

export { countBeyondSessions } from "@/lib/sessions/standing-store";

/** What a session meets at its next request: it is over, refused for where it is, or held. */
export type SessionFate = "ended" | "network" | RuleHold;

export interface FateCounts {
  sessions: number;
  people: number;
}

/** What becomes of live sessions. A session that meets the same before and after is in none. */
export interface ForeseenSessions {
  fates: Record<SessionFate, FateCounts>;
  /** Those that something stood in the way of, and nothing does any more. */
  freed: FateCounts;
  /** What the author's own session meets then and does not now. */
  own: SessionFate | null;
}

const none = (): FateCounts => ({ sessions: 0, people: 0 });

/** In the order in which a request asks. */
function fateOf(standing: StandingRow, isInNetwork: boolean): SessionFate | null {
  if (!standing.opens) return "ended";
  if (!isInNetwork) return "network";
  const { singleSignOnMissing, mfaRequired, passwordExpired, ...session } = standing;
  return ruleHoldOf({ singleSignOnMissing, mfaRequired, passwordExpired, session });
}

/**
 * What other terms would make of every live session in scope at its next request, exactly, however
 * many they are: judged by the same text and the same order as a request is. A session is taken to
 * go on from where it was begun; the author's from where they are.
 */
export async function foreseeSessions(
  { principal, request }: Caller,
  scope: SessionScope,
  terms: Record<"before" | "after", Terms>,
): Promise<ForeseenSessions> {
  const found = await listStandings(scope, terms, principal.session.id);
  const networks = (when: "before" | "after") => terms[when].rules?.networks ?? [];
  const turnOf = ({ own, ip, before, after }: JudgedSessions) => {
    const from = own ? request.ip : ip;
    return [
      fateOf(before, isWithinRanges(from, networks("before"))),
      fateOf(after, isWithinRanges(from, networks("after"))),
    ] as const;
  };
  const foreseen: ForeseenSessions = {
    fates: {
      ended: none(),
      network: none(),
      "single-sign-on": none(),
      idle: none(),
      "second-factor": none(),
      password: none(),
    },
    freed: none(),
    own: null,
  };
  for (const { profile, people } of found) {
    const met = new Set<FateCounts>();
    for (const alike of profile) {
      const [had, has] = turnOf(alike);
      // What is over already is over.
      if (had === has || had === "ended") continue;
      const counts = has === null ? foreseen.freed : foreseen.fates[has];
      counts.sessions += alike.sessions * people;
      met.add(counts);
      if (alike.own) foreseen.own = has;
    }
    for (const counts of met) counts.people += people;
  }
  return foreseen;
}
