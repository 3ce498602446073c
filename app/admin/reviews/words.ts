import "server-only";
import type { Tone } from "@/components/ui/badge";
import type {
  ItemKind,
  ItemListing,
  ReviewScope,
  ReviewState,
} from "@/lib/access-reviews/access-review.schema";

export const STATES: Record<ReviewState, { label: string; tone: Tone }> = {
  open: { label: "Open", tone: "info" },
  closing: { label: "Closing", tone: "warning" },
  closed: { label: "Closed", tone: "success" },
  cancelled: { label: "Cancelled", tone: "neutral" },
};

export const KINDS: Record<ItemKind, string> = {
  "user-role": "Role of a person",
  "team-role": "Role of a team",
  "team-membership": "Member of a team",
  "service-role": "Role of a service account",
};

export type ItemStatus = NonNullable<ItemListing["status"]>;

export const STATUSES: Record<ItemStatus, { label: string; tone: Tone }> = {
  open: { label: "Not answered", tone: "warning" },
  keep: { label: "To be kept", tone: "info" },
  kept: { label: "Kept", tone: "success" },
  revoked: { label: "Revoked", tone: "danger" },
  "revoked-unanswered": { label: "Revoked, unanswered", tone: "danger" },
  gone: { label: "Gone meanwhile", tone: "neutral" },
  "kept-last-administrator": { label: "Kept: last administrator", tone: "warning" },
};

export const grantsOf = (count: number): string => (count === 1 ? "1 grant" : `${count} grants`);

export function describeScope({ grants, roleIds, userIds, teams, services }: ReviewScope): string {
  const whose = {
    all: "Every grant",
    roles: roleIds.length === 1 ? "One role" : `${roleIds.length} roles`,
    people: userIds.length === 1 ? "One person" : `${userIds.length} people`,
  }[grants];
  return [whose, ...(teams ? ["teams"] : []), ...(services ? ["service accounts"] : [])].join(", ");
}
