import { expect, test } from "vitest";
import { describeFactors } from "@/lib/credentials/describe-factors";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { aUser } from "@/tests/support/builders";

test("what somebody signs in with is told without anything that signs in, and in a bounded list", async () => {
  const { id: userId } = await aUser();
  const changedAt = new Date(Date.now() - 40 * 86_400_000);
  await prisma().passwordCredential.update({ where: { userId }, data: { changedAt } });
  await prisma().passkeyCredential.createMany({
    data: Array.from({ length: 23 }, (_, index) => ({
      userId,
      name: `Key ${index}`,
      credentialId: Buffer.from(newId()),
      publicKey: Buffer.from("a"),
      createdAt: new Date(Date.now() - 1_000_000 + index * 1000),
    })),
  });
  await prisma().phoneCredential.create({
    data: { userId, number: "+4915112345678", confirmedAt: new Date() },
  });
  await prisma().recoveryCode.createMany({
    data: ["a", "b", "c"].map((handle) => ({
      userId,
      handle,
      hash: "secret",
      ...(handle === "c" && { consumedAt: new Date() }),
    })),
  });
  const factors = await describeFactors(userId);
  expect(factors).toMatchObject({
    passwordChangedAt: changedAt,
    passwordAgeDays: 40,
    totpConfirmedAt: null,
    phone: "ending in 78",
    recoveryCodesLeft: 2,
    passkeyCount: 23,
  });
  expect(factors.passkeys.map(({ name }) => name)).toEqual(
    Array.from({ length: 20 }, (_, index) => `Key ${index}`),
  );
  expect(JSON.stringify(factors)).not.toContain("secret");
  expect(JSON.stringify(factors)).not.toContain("12345678");
});

test("an authenticator app and a number that wait for their first code are none", async () => {
  const { id: userId } = await aUser();
  await prisma().phoneCredential.create({ data: { userId, pendingNumber: "+4915112345678" } });
  await prisma().totpCredential.create({ data: { userId, pendingSecret: Buffer.from("a") } });
  expect(await describeFactors(userId)).toMatchObject({ phone: null, totpConfirmedAt: null });
});
