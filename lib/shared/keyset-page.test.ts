import fc from "fast-check";
import { expect, test } from "vitest";
import { keysetPage, type Walk } from "@/lib/shared/keyset-page";

/** A list of the numbers below `count`, read as a store reads rows. */
function read(count: number, limit: number, place: number | null, walk: Walk | null) {
  const all = Array.from({ length: count }, (_, index) => index);
  const rows =
    walk === "previous"
      ? all.filter((row) => row < (place ?? 0)).toReversed()
      : all.filter((row) => place === null || row > place);
  return keysetPage(rows.slice(0, limit + 1), limit, walk);
}

test("walking forward meets every item once, and walking back the same pages again", () => {
  fc.assert(
    fc.property(fc.nat(40), fc.integer({ min: 1, max: 12 }), (count, limit) => {
      const pages = [read(count, limit, null, null)];
      for (let page = pages[0]; page?.next !== null && page !== undefined; page = pages.at(-1)) {
        pages.push(read(count, limit, page.next, "next"));
      }
      expect(pages.flatMap((page) => page.items)).toEqual(
        Array.from({ length: count }, (_, index) => index),
      );
      for (const [index, page] of pages.entries()) {
        if (index === 0) expect(page.previous).toBeNull();
        else
          expect(read(count, limit, page.previous, "previous").items).toEqual(
            pages[index - 1]?.items,
          );
      }
    }),
  );
});

test("an empty list has no neighbours", () => {
  expect(keysetPage([], 10, null)).toEqual({ items: [], next: null, previous: null });
});
