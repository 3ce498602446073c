import { expect, test } from "vitest";
import { checkPassword } from "@/lib/credentials/password/check-password";
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

test.each([
  ["bcrypt", "U*U", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"],
  ["PBKDF2", "password", "$pbkdf2-sha1$i=4096$c2FsdA$SwB5AbdlSJq+rUnZJvch0GWkKcE"],
])(
  "a %s hash is kept by a wrong password and replaced by the first right one (F131)",
  async (_, password, hash) => {
    const user = await aUser();
    await prisma().passwordCredential.update({ where: { userId: user.id }, data: { hash } });
    const before = await prisma().passwordCredential.findUniqueOrThrow({
      where: { userId: user.id },
    });
    expect(await checkPassword(user.id, `${password}!`)).toBe(false);
    expect(await findPasswordHash(user.id)).toBe(hash);
    expect(await checkPassword(user.id, password)).toBe(true);
    const after = await prisma().passwordCredential.findUniqueOrThrow({
      where: { userId: user.id },
    });
    expect(after.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    // The password is the one it was: whoever takes an account back does not take it for a new one.
    expect(after.changedAt).toEqual(before.changedAt);
    expect(await checkPassword(user.id, password)).toBe(true);
  },
);
