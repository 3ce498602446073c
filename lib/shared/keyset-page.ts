/** How much of a list is asked for, and from where. */
export interface PageRequest {
  cursor?: string | undefined;
  limit: number;
}

/** Which way a list is read from a place in it. */
export type Walk = "next" | "previous";

export interface KeysetPage<T> {
  items: T[];
  /** The items whose places the neighbouring pages begin at; null where there is no such page. */
  next: T | null;
  previous: T | null;
}

/**
 * A page from the rows of a walk, which asked for one more than `limit` to learn
 * whether there is another page. `walk` is null at the start of the list;
 * whoever came from one side can always go back there.
 */
export function keysetPage<T>(rows: T[], limit: number, walk: Walk | null): KeysetPage<T> {
  const further = rows.length > limit;
  const items = rows.slice(0, limit);
  const backwards = walk === "previous";
  if (backwards) items.reverse();
  const hasNext = backwards || further;
  const hasPrevious = backwards ? further : walk !== null;
  return {
    items,
    next: (hasNext ? items.at(-1) : undefined) ?? null,
    previous: (hasPrevious ? items.at(0) : undefined) ?? null,
  };
}
