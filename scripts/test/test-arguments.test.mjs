import { expect, test } from "vitest";
import { parseTestArguments, vitestProject } from "./test-arguments.mjs";

test.each([
  [[], undefined, true],
  [["--unit"], "unit", false],
  [["--integration"], "!unit", false],
  [["--unit", "--integration"], undefined, false],
  [["--e2e"], false, true],
])("%j chooses its suites", (args, project, endToEnd) => {
  const wanted = parseTestArguments(args);
  expect(vitestProject(wanted)).toBe(project);
  expect(wanted.endToEnd).toBe(endToEnd);
});

test("a build can be taken as it is", () => {
  expect(parseTestArguments([]).build).toBe(true);
  expect(parseTestArguments(["--no-build"])).toMatchObject({ build: false, filters: [] });
});

test("everything else goes on as a filter", () => {
  expect(parseTestArguments(["--unit", "totp", "-t", "replay"]).filters).toEqual([
    "totp",
    "-t",
    "replay",
  ]);
});
