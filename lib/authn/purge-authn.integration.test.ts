import { beforeAll, expect, test } from "vitest";
import { purgeAuthn } from "@/lib/authn/purge-authn";
import { register } from "@/lib/authn/register";
import { inspectResetLink, requestPasswordReset } from "@/lib/authn/reset-password";
import { prisma } from "@/lib/platform/db/client";
import { anInstance, aRequest, aUser } from "@/tests/support/builders";
import { tokenMailedTo } from "@/tests/support/mailbox";
import { aTicket } from "@/tests/support/tickets";

beforeAll(async () => {
  await anInstance();
});

const daysAgo = (count: number) => new Date(Date.now() - count * 86_400_000);

async function leftovers() {
  const user = await aUser();
  await requestPasswordReset(user.email, aRequest());
  await aTicket({ userId: user.id, acr: "test", amr: ["pwd"] });
  const email = `leftover-${user.id}@example.com`;
  const password = "four unlikely words here";
  await register({ email, name: null, password, browserSecret: null }, aRequest());
  return { user, email };
}

test("what has been worthless for long is deleted; what just ended still says why", async () => {
  const [old, recent] = [await leftovers(), await leftovers()];
  const expire = async ({ user, email }: typeof old, expiresAt: Date) => {
    await prisma().verificationToken.updateMany({
      where: { userId: user.id },
      data: { expiresAt },
    });
    await prisma().signInTicket.updateMany({ where: { userId: user.id }, data: { expiresAt } });
    await prisma().registration.updateMany({ where: { email }, data: { expiresAt } });
  };
  await expire(old, daysAgo(8));
  await expire(recent, daysAgo(0.5));
  expect(await purgeAuthn()).toBe(3);
  expect(await purgeAuthn()).toBe(0);
  const link = await tokenMailedTo(recent.user.email);
  expect(await inspectResetLink(link)).toEqual({ state: "expired" });
  expect(await inspectResetLink(await tokenMailedTo(old.user.email))).toEqual({ state: "unknown" });
});
