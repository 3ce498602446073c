import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CommandResult } from "@/app/_cli/commands";
import { userImportCommand } from "@/app/_cli/user-import";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { anInstance } from "@/tests/support/builders";

const folder = mkdtempSync(path.join(tmpdir(), "gatehouse-import-"));

beforeAll(async () => {
  await anInstance();
});

afterAll(() => rmSync(folder, { recursive: true }));

function aFile(text: string): string {
  const file = path.join(folder, newId());
  writeFileSync(file, text);
  return file;
}

async function printed({ lines, text, outcome }: CommandResult) {
  if (lines === undefined) return { outcome, lines: text.split("\n") };
  const all: string[] = [];
  for (;;) {
    const step = await lines.next();
    if (step.done === true) return { outcome: step.value, lines: all };
    all.push(step.value);
  }
}

const countAt = (domain: string) =>
  prisma().user.count({ where: { email: { endsWith: `@${domain}` } } });

test("a dry run says what is wrong with which line, and its import is gone on with by its id (F104)", async () => {
  const domain = `${newId()}.example`;
  const file = aFile(`email\na@${domain}\nnobody\nb@${domain}\n`);
  const tried = await printed(
    await userImportCommand.run([file], { format: "csv", "dry-run": true }),
  );
  expect(tried.lines[0]).toMatch(/^line 3\tnobody\tproblem: /);
  const id = /--resume (\S+)$/.exec(tried.lines.at(-1) ?? "")?.[1];
  expect(await countAt(domain)).toBe(0);

  const refused = await printed(await userImportCommand.run([], { resume: id }));
  expect(refused).toMatchObject({ outcome: "refused" });
  expect(await countAt(domain)).toBe(0);

  const imported = await printed(
    await userImportCommand.run([], { resume: id, "skip-bad-rows": true }),
  );
  expect(imported.outcome).toBe("done");
  expect(imported.lines.at(-1)).toBe("100 %\t3 of 3 rows, 2 users created");
  expect(await countAt(domain)).toBe(2);
});

test.each<[string, string[], Record<string, string>]>([
  ["neither a file nor an import", [], {}],
  ["both", ["x"], { resume: newId() }],
  ["no format", ["x"], {}],
  ["no such format", ["x"], { format: "xml" }],
  ["no such file", [path.join(folder, "none")], { format: "csv" }],
  ["no such import", [], { resume: newId() }],
  ["what is no id", [], { resume: "x" }],
])("%s is refused", async (_, positionals, options) => {
  expect(await userImportCommand.run(positionals, options)).toMatchObject({ outcome: "refused" });
});
