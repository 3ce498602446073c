import { describe, expect, it } from "vitest";
import { nextItem } from "@/components/ui/menu-behaviour";

const LABELS = ["Edit", "Duplicate", "Delete"];

describe("the keys of a menu", () => {
  it.each([
    ["ArrowDown", 0, 1],
    ["ArrowDown", 2, 0],
    ["ArrowDown", -1, 0],
    ["ArrowUp", 0, 2],
    ["ArrowUp", -1, 2],
    ["ArrowUp", 2, 1],
    ["Home", 2, 0],
    ["End", 0, 2],
    ["d", 0, 1],
    ["D", 1, 2],
    ["d", 2, 1],
  ])("%s leads from item %i to item %i", (key, from, to) => {
    expect(nextItem(LABELS, from, key)).toBe(to);
  });

  it.each(["Enter", " ", "x", "Escape"])("%j moves nothing", (key) => {
    expect(nextItem(LABELS, 0, key)).toBeUndefined();
  });

  it("moves nothing in an empty menu", () => {
    expect(nextItem([], -1, "ArrowDown")).toBeUndefined();
  });
});
