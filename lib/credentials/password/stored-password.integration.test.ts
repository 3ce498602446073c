import { expect, test } from "vitest";
import { hasPassword } from "@/lib/credentials/password/has-password";
import { findPasswordHash, replacePasswordHash } from "@/lib/credentials/password/password-store";
import { prisma } from "@/lib/platform/db/client";
import { aSession, aUser, callerWith } from "@/tests/support/builders";

test("only who has a password is said to have one", async () => {
  const [present, absent] = [await aUser(), await aUser()];
  await prisma().passwordCredential.delete({ where: { userId: absent.id } });
  expect(await hasPassword(await callerWith(await aSession(present.id)))).toBe(true);
  expect(await hasPassword(await callerWith(await aSession(absent.id)))).toBe(false);
});

test("a password changed while an old hash is renewed stays changed", async () => {
  const user = await aUser();
  const old = (await findPasswordHash(user.id)) ?? "";
  await prisma().passwordCredential.update({ where: { userId: user.id }, data: { hash: "newer" } });
  await replacePasswordHash(user.id, old, "renewed");
  expect(await findPasswordHash(user.id)).toBe("newer");
});
