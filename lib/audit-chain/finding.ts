import "server-only";

/** Something that was done to the log. */
export interface Finding {
  /** The place in the chain; null for what has none. */
  seq: bigint | null;
  eventId: string | null;
  kind:
    | "edited"
    | "deleted"
    | "reordered"
    | "forged"
    | "truncated"
    | "erased-without-record"
    | "never-sealed"
    | "not-signed-by-us";
  /** In words, for whoever looks at it. */
  text: string;
}

/** One that has a place. */
export interface PlacedFinding extends Finding {
  seq: bigint;
}
