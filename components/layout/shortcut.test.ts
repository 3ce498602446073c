import { expect, test } from "vitest";
import { matchShortcuts } from "@/components/layout/shortcut";

const OFFERED = [{ label: "Users" }, { label: "New user" }, { label: "New role" }];
const labels = (typed: string) => matchShortcuts(OFFERED, typed).map(({ label }) => label);

test("every word has to be in the label, in any order and any case", () => {
  expect(labels("")).toEqual(["Users", "New user", "New role"]);
  expect(labels("USER")).toEqual(["Users", "New user"]);
  expect(labels("  role new ")).toEqual(["New role"]);
  expect(labels("nothing")).toEqual([]);
});
