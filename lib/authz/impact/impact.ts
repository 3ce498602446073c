import "server-only";
import type { GuardRejection } from "@/lib/authz/guarded-change";
import type { HeldDifference, HeldReach } from "@/lib/authz/impact/held-form";

/** What becomes different of one permission for one person, in one organization. */
export interface ImpactLine {
  organizationId: string;
  permissionKey: string;
  difference: HeldDifference;
  before: HeldReach;
  after: HeldReach;
}

/** How many people a difference touches. */
export type DifferenceCounts = Record<HeldDifference, number>;

export interface NamedImpact {
  id: string;
  name: string | null;
  email: string;
  lines: ImpactLine[];
}

/** A service account whose own roles the change writes, and what differs for it. */
export interface ServiceImpact {
  clientId: string;
  name: string;
  lines: ImpactLine[];
}

/** What a change would do. The counts are of everybody; the names are few. */
export interface Impact {
  /** People for whom anything differs, each once. */
  people: number;
  /** Of those, who gets more of something, who less, and who has something otherwise. */
  gaining: number;
  losing: number;
  otherwise: number;
  permissions: { key: string; counts: DifferenceCounts }[];
  named: NamedImpact[];
  /** People for whom something differs and who are not named: too many, or not the reader's to see. */
  unnamed: number;
  /** Service accounts for which anything differs. */
  services: number;
  /** Those of them whose own roles the change writes. */
  namedServices: ServiceImpact[];
  /** Sessions of these people, in the organizations where something differs: it bites on their next request. */
  sessions: number;
  /** Sessions that the change ends at once. */
  ended: number;
  /** What differs for the author. */
  own: ImpactLine[];
  /** What a save would be answered, unless it is confirmed; null for a save that would be made. */
  foretold: GuardRejection | null;
  /** What waits for an answer and is touched, by kind; a kind of which nothing is touched is left out. */
  waiting: WaitingImpact[];
}

/** What a change does to requests that wait for somebody's answer. */
export interface WaitingImpact {
  key: string;
  /**
   * Those for a role that gives something else then, or of somebody for whom something differs; of
   * what one person alone is asked, none.
   */
  touched: number;
  /** Of those, how many wait no longer. */
  over: number;
  /** Those that somebody could answer who no longer could, of those that go on waiting. */
  fewerAnswer: number;
}
