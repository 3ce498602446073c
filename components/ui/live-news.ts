/** What the server says that a page shows, as its text and the ids in it. */
export interface Answer {
  text: string;
  ids: string[];
}

export interface News {
  /** How many are in the list that the page does not show. */
  added: number;
}

/** Reads an answer of the API: a list's ids, or none of anything else. With `idsOnly` nothing else of it counts. */
export function answerOf(text: string, idsOnly = false): Answer {
  const body: unknown = JSON.parse(text);
  const items =
    typeof body === "object" && body !== null && "items" in body && Array.isArray(body.items)
      ? body.items
      : [];
  const ids = items.flatMap((item: unknown) =>
    typeof item === "object" && item !== null && "id" in item ? [String(item.id)] : [],
  );
  return { text: idsOnly ? ids.join(" ") : text, ids };
}

/** What there is to show since `base`, of a list of which `shown` are seen, or of no list; null where nothing has changed. */
export function newsSince(
  base: Answer | null,
  shown: readonly string[] | null,
  answer: Answer,
): News | null {
  const added = shown === null ? 0 : answer.ids.filter((id) => !shown.includes(id)).length;
  const changed = base !== null && base.text !== answer.text;
  return added > 0 || changed ? { added } : null;
}

const INTERVAL_MS = 8_000;
const LONGEST_MS = 300_000;

/** When to look next, after so many failures on end. */
export const delayAfter = (failures: number): number =>
  Math.min(LONGEST_MS, INTERVAL_MS * 2 ** failures);
