/** What a search of everything finds. */
export const HIT_KINDS = [
  "user",
  "organization",
  "role",
  "team",
  "policy",
  "client",
  "decision",
  "event",
] as const;
export type HitKind = (typeof HIT_KINDS)[number];

/** Something found, with the page that shows it. */
export interface Hit {
  kind: HitKind;
  id: string;
  title: string;
  /** What tells it from others of its name; null for nothing. */
  detail: string | null;
  href: string;
}
