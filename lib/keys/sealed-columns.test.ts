import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { SEALED_COLUMNS } from "@/lib/keys/sealed-columns";

const ROOT = path.resolve(import.meta.dirname, "../..");

test("whatever is sealed for a column is in the list of what is re-encrypted (FLT-23)", () => {
  const sources = globSync("{lib,app}/**/*.ts", { cwd: ROOT }).filter(
    (file) => !file.endsWith(".test.ts"),
  );
  const places = sources.flatMap((file) => {
    const text = readFileSync(path.join(ROOT, file), "utf8");
    return [...text.matchAll(/`([a-z_]+\.[a-z_]+):\$\{/g)].map(([, place]) => place);
  });
  const known = SEALED_COLUMNS.map(({ placeOf }) => placeOf("").replace(/:$/, ""));
  expect(places.length).toBeGreaterThan(4);
  expect([...new Set(places)].sort()).toEqual([...new Set(known)].sort());
});
