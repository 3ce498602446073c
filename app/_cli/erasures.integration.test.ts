import { expect, test } from "vitest";
import { erasureCommands } from "@/app/_cli/erasures";
import { eraseDueAccounts } from "@/lib/personal-data/erase-due-accounts";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { aUser } from "@/tests/support/builders";

const run = (words: string, ...positionals: string[]) => {
  const command = erasureCommands.find((one) => one.words.join(" ") === words);
  if (command === undefined) throw new Error(`there is no ${words}`);
  return command.run(positionals, {});
};

test("who was erased is listed, and erased again where a backup has brought them back (F109)", async () => {
  expect(await run("erasures list")).toMatchObject({ outcome: "done", erasures: [] });
  const { id, email } = await aUser();
  expect(await run("erasures repeat", id, newId())).toMatchObject({ outcome: "done", count: 1 });
  expect(await eraseDueAccounts()).toBe(1);
  expect(await prisma().user.count({ where: { email } })).toBe(0);
  const { text } = await run("erasures list");
  expect(text).toContain(id);
  expect(await run("erasures repeat", id)).toMatchObject({ outcome: "done", count: 0 });
});

test("what is no id is refused, and nothing is done", async () => {
  const { id } = await aUser();
  expect(await run("erasures repeat", id, "ada@example.com")).toMatchObject({
    outcome: "refused",
    code: "validation_failed",
  });
  expect(await prisma().accountDeletion.count({ where: { userId: id } })).toBe(0);
});
