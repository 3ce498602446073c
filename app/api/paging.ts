import "server-only";
import { z } from "zod";
import { ProblemError } from "@/app/api/problems";
import { decodeCursor, encodeCursor } from "@/lib/shared/cursor";
import type { PageRequest } from "@/lib/shared/keyset-page";

/** What every list takes (contract: lists are cursor-paged). */
export const PAGE_QUERY = {
  limit: z.coerce.number<string>().int().min(1).max(100).default(25),
  cursor: z.string().optional(),
};

/** What every list answers. */
export const pageOf = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** A field that is well-formed and still does not fit what there is. */
export const unfitting = (path: string, message: string): ProblemError =>
  new ProblemError({
    status: 422,
    code: "validation_failed",
    title: "The request does not fit",
    errors: [{ path, message }],
  });

export const unknownCursor = (): ProblemError =>
  unfitting("cursor", "This is no cursor of a list in this order.");

/** A page of a list that is short enough to be read as a whole. */
export function pageWithin<T>(
  all: T[],
  keyOf: (item: T) => string,
  { cursor, limit }: PageRequest,
): { items: T[]; nextCursor: string | null } {
  const after = cursor === undefined ? null : decodeCursor(cursor, z.string());
  if (cursor !== undefined && after === null) throw unknownCursor();
  const start = after === null ? 0 : all.findIndex((item) => keyOf(item) === after) + 1;
  // What the last page ended with is gone: there is nothing that surely comes after it.
  if (after !== null && start === 0) return { items: [], nextCursor: null };
  const items = all.slice(start, start + limit);
  const last = items.at(-1);
  const further = start + limit < all.length;
  return { items, nextCursor: further && last ? encodeCursor(keyOf(last)) : null };
}
