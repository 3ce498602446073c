import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { extendTailwindMerge } from "tailwind-merge";
import { expect, test } from "vitest";
import { cn } from "@/components/ui/cn";

// The merger must know our own size, or it takes `text-2xs` for a colour.
const complete = extendTailwindMerge({ extend: { theme: { text: ["2xs"] } } });

/** Every class that a page or a component writes, as far as the complete merger knows it. */
function ownClasses(): string[] {
  const words = ["app", "components"]
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) =>
        path.join(folder, file),
      ),
    )
    .filter((file) => file.endsWith(".tsx") || file.endsWith("-class.ts"))
    .map((file) => readFileSync(file, "utf8"))
    .filter((text) => text.includes("className") || text.includes("cn("))
    .flatMap((text) => text.split(/["`]/))
    .flatMap((text) => text.split(/\s+/))
    .filter((word) => /^[a-z[*@!-][^\s${}<>]*$/i.test(word));
  // `shadow` is a word of ours, and no class: the complete merger sets it apart from our shadows.
  return [...new Set(words)].filter(
    (word) => complete(`${word} ${word}`) === word && word !== "shadow",
  );
}

test("of any two classes that are written anywhere, those stay that a complete merger keeps", () => {
  const classes = ownClasses();
  expect(classes.length).toBeGreaterThan(400);
  const different: string[] = [];
  for (const first of classes)
    for (const second of classes)
      if (cn(first, second) !== complete(first, second)) different.push(`${first} ${second}`);
  expect(different, "teach them to components/ui/cn.ts").toEqual([]);
});

test.each<[string, (string | false)[], string]>([
  ["later ones win", ["px-2 text-sm", "px-4"], "text-sm px-4"],
  ["a part does not remove the whole", ["p-4", "px-2"], "p-4 px-2"],
  ["the whole removes its parts", ["px-2 pt-1", "p-4"], "p-4"],
  ["variants stand apart", ["hover:p-2 p-1", "p-4"], "hover:p-2 p-4"],
  ["a size is no colour", ["text-2xs text-ink", "text-sm"], "text-ink text-sm"],
  ["what is unknown stays", ["arch arch-wide", false, "p-1"], "arch arch-wide p-1"],
  ["a colon may be in a value", ["[&_svg]:size-4", "[&_svg]:size-6"], "[&_svg]:size-6"],
])("%s", (_what, classes, merged) => {
  expect(cn(...classes)).toBe(merged);
});
