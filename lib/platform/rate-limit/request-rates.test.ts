import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** What is written of each limit that Redis may count: all that the program has, but for tests. */
function declared(): string[] {
  const files = globSync("{app,lib}/**/*.ts", { cwd: ROOT }).filter(
    (file) => !file.endsWith(".test.ts") && !file.startsWith("lib/platform/rate-limit/"),
  );
  return files.flatMap((file) => {
    const text = readFileSync(path.join(ROOT, file), "utf8");
    return [...text.matchAll(/[^{}]*counts: "requests"/g)].map(([terms]) => terms);
  });
}

test("Redis counts how often something is asked in a few minutes, and no guess, lock, mail or message", () => {
  const names = declared().map((terms) => /name: "([a-z-]+)"/.exec(terms)?.[1] ?? "a gateway rule");
  expect(names.toSorted()).toEqual([
    "a gateway rule",
    "action",
    "api-change",
    "authorization-requests",
    "back-channel-logout",
    "client-documents",
    "search",
    "sign-in-flows",
  ]);
});

test("none of them has a window of more than ten minutes", () => {
  for (const terms of declared()) {
    const [, minutes] = /windowSeconds: minutes\((\d+)\)/.exec(terms) ?? [];
    if (terms.includes("name:")) expect(Number(minutes)).toBeLessThanOrEqual(10);
    else expect(terms).toContain("...terms");
  }
});
