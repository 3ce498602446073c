import { expect, test } from "vitest";
import { prisma } from "@/lib/platform/db/client";
import { LanguageSetting } from "@/lib/users/language.schema";
import { updateOwnLanguage } from "@/lib/users/update-profile";
import { aUser, callerOf } from "@/tests/support/builders";

test("a user's language and time zone are stored, recorded and part of who they are", async () => {
  const user = await aUser();
  const setting = { locale: "ar", timeZone: "Asia/Riyadh" } as const;
  await updateOwnLanguage(await callerOf(user.id), setting);
  expect((await callerOf(user.id)).principal).toMatchObject(setting);
  const event = await prisma().auditEvent.findFirstOrThrow({
    where: { action: "user.updated", targetId: user.id },
    orderBy: { id: "desc" },
  });
  expect(event).toMatchObject({ before: { locale: null, timeZone: null }, after: setting });
});

test("what is no language of ours passes for none", async () => {
  const user = await aUser();
  await prisma().user.update({ where: { id: user.id }, data: { locale: "tlh" } });
  expect((await callerOf(user.id)).principal.locale).toBeNull();
});

test.each([
  { locale: "tlh", timeZone: null },
  { locale: "de-AT", timeZone: null },
  { locale: null, timeZone: "Mars/Olympus" },
  { locale: null, timeZone: "" },
  { locale: "de" },
])("%j is no setting", (setting) => {
  expect(LanguageSetting.safeParse(setting).success).toBe(false);
});
