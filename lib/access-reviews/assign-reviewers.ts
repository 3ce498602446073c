import "server-only";
import type { Grant } from "@/lib/access-reviews/grant-store";

export interface Reviewer {
  id: string;
  name: string;
}

export type Assignment<G> =
  | { outcome: "assigned"; items: (G & { reviewerId: string; reviewerName: string })[] }
  /** Nobody but those concerned is there to be asked about these. */
  | { outcome: "rejected"; reason: "own-grants"; subjects: string[] };

type Concerning = Pick<Grant, "userId" | "teamId" | "clientId" | "kind" | "subject">;

/**
 * Spreads grants over reviewers, one after the other, all of one holder's to the same. The same
 * grants and reviewers always give the same. Nobody is asked about a grant of their own, or of a
 * team that they are in (`within` has the people of each team).
 */
export function assignReviewers<G extends Concerning>(
  grants: G[],
  reviewers: Reviewer[],
  within: Map<string, Set<string>>,
): Assignment<G> {
  const sorted = [...reviewers].sort((one, other) => (one.id < other.id ? -1 : 1));
  const chosen = new Map<string, Reviewer>();
  const items: (G & { reviewerId: string; reviewerName: string })[] = [];
  const nobodyFor = new Set<string>();
  for (const grant of grants) {
    const concerned = ({ id }: Reviewer): boolean =>
      grant.userId === id ||
      (grant.kind === "team-role" && (within.get(grant.teamId ?? "")?.has(id) ?? false));
    const holder = grant.userId ?? grant.teamId ?? grant.clientId ?? "";
    let reviewer = chosen.get(holder);
    if (reviewer === undefined) {
      const turn = chosen.size % Math.max(sorted.length, 1);
      reviewer = [...sorted.slice(turn), ...sorted.slice(0, turn)].find((one) => !concerned(one));
      if (reviewer === undefined) {
        nobodyFor.add(grant.subject);
        continue;
      }
      chosen.set(holder, reviewer);
    }
    items.push({ ...grant, reviewerId: reviewer.id, reviewerName: reviewer.name });
  }
  return nobodyFor.size > 0
    ? { outcome: "rejected", reason: "own-grants", subjects: [...nobodyFor] }
    : { outcome: "assigned", items };
}
