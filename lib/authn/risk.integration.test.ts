import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { attemptFactor, promptFactor } from "@/lib/authn/attempt-factor";
import { ACCOUNT_BUDGET } from "@/lib/authn/attempt-limits";
import { riskOf } from "@/lib/authn/risk";
import { beginSignIn, findDeviceOf, findFlow } from "@/lib/authn/sign-in-flow";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { signInWithPassword } from "@/lib/authn/sign-in-with-password";
import { newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { neighbourhoodOf } from "@/lib/platform/http/client-address";
import { spend } from "@/lib/platform/rate-limit/limiter";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { AAL2 } from "@/lib/shared/assurance";
import { anInstance, aRequest, aUser, type TestUser } from "@/tests/support/builders";
import { aTotp, totpCode } from "@/tests/support/factors";
import { mailsTo } from "@/tests/support/mailbox";
import { aTicket } from "@/tests/support/tickets";

beforeAll(async () => {
  await anInstance();
});

beforeEach(async () => {
  await prisma().signInPolicy.deleteMany();
});

const HOME = aRequest({ ip: "198.51.100.7" });
const ABROAD = aRequest({ ip: "203.0.113.9" });

/** Somebody who has signed in at home before, with the device of then. */
async function anOwner(): Promise<TestUser & { device: string }> {
  const user = await aUser();
  const device = newSecret();
  await signInWith(user, device, false);
  return { ...user, device };
}

async function signInWith(user: TestUser, deviceSecret: string, trustDevice: boolean) {
  const ticket = await aTicket({ userId: user.id, acr: AAL2, amr: ["pwd"], trustDevice });
  const browser = { deviceSecret, sessionSecret: undefined };
  return redeemSignInTicket(ticket, browser, HOME);
}

const signIn = (user: TestUser, request = ABROAD, device?: string) =>
  signInWithPassword(user.email, user.password, device, request);

async function manyFailures({ email }: TestUser): Promise<void> {
  for (let failure = 0; failure < 10; failure += 1) await spend(ACCOUNT_BUDGET.failures, email);
}

const questionsOf = (user: TestUser) =>
  prisma().auditEvent.findMany({
    where: { action: "session.questioned", targetId: user.id },
    select: { reason: true, after: true, ip: true },
  });

test.each([
  [[], "low"],
  [["new-device"], "low"],
  [["new-network"], "low"],
  [["many-failures"], "low"],
  [["new-device", "new-network"], "elevated"],
  [["new-device", "many-failures"], "high"],
  [["new-device", "new-network", "many-failures"], "high"],
] as const)("%j is a risk that is %s", (reasons, risk) => {
  expect(riskOf(reasons)).toBe(risk);
});

test.each([
  ["192.0.2.1", "192.0.2.200", true],
  ["192.0.2.1", "192.0.3.1", false],
  ["2001:db8:1:2::1", "2001:db8:1:ffff::2", true],
  ["2001:db8:1::1", "2001:db8:2::1", false],
  ["::ffff:192.0.2.1", "192.0.2.9", true],
])("%s and %s are neighbours: %s", (one, other, are) => {
  expect(neighbourhoodOf(one) === neighbourhoodOf(other)).toBe(are);
});

describe("an unusual sign-in (F121)", () => {
  test("is confirmed by mail by who has no second factor, and is on record with its reasons", async () => {
    const user = await anOwner();
    const given = await signIn(user);
    if (given.outcome !== "continue") throw new Error(given.outcome);
    const browser = { flowSecret: given.flowSecret, deviceSecret: undefined };
    const flow = await findFlow(given.flowSecret, undefined);
    expect(flow?.next).toEqual({ step: "second-factor", offers: ["email-code"] });
    expect(flow?.row.riskReasons).toEqual(["new-device", "new-network"]);
    expect(await questionsOf(user)).toEqual([
      {
        reason: "new-device, new-network",
        after: { risk: "elevated", reasons: ["new-device", "new-network"] },
        ip: ABROAD.ip,
      },
    ]);
    await promptFactor(browser, "email-code", ABROAD);
    const code = /\b\d{6}\b/.exec((await mailsTo(user.email)).at(-1)?.text ?? "")?.[0] ?? "";
    const answer = await attemptFactor(
      browser,
      "email-code",
      { code },
      { trustDevice: false },
      ABROAD,
    );
    expect(answer.outcome).toBe("authenticated");
    expect(await questionsOf(user)).toHaveLength(1);
  });

  test("that was confirmed by mail makes no trusted device, which would be spared more later (F21)", async () => {
    const user = await anOwner();
    const deviceSecret = newSecret();
    const given = await signIn(user, ABROAD, deviceSecret);
    if (given.outcome !== "continue") throw new Error(given.outcome);
    const browser = { flowSecret: given.flowSecret, deviceSecret };
    expect((await findFlow(given.flowSecret, deviceSecret))?.trustedAfter).toEqual([]);
    await promptFactor(browser, "email-code", ABROAD);
    const code = /\b\d{6}\b/.exec((await mailsTo(user.email)).at(-1)?.text ?? "")?.[0] ?? "";
    const trusting = { trustDevice: true };
    const answer = await attemptFactor(browser, "email-code", { code }, trusting, ABROAD);
    if (answer.outcome !== "authenticated") throw new Error(answer.outcome);
    await redeemSignInTicket(answer.ticket, { deviceSecret, sessionSecret: undefined }, ABROAD);
    const trusted = { userId: user.id, trustedUntil: { not: null } };
    expect(await prisma().device.count({ where: trusted })).toBe(0);
  });

  test.each<[string, (user: TestUser & { device: string }) => ReturnType<typeof signIn>]>([
    ["at home", (user) => signIn(user, HOME)],
    ["in the neighbourhood", (user) => signIn(user, aRequest({ ip: "198.51.100.200" }))],
    ["abroad with the device that is known", (user) => signIn(user, ABROAD, user.device)],
  ])("is none %s", async (_where, attempt) => {
    const user = await anOwner();
    expect((await attempt(user)).outcome).toBe("authenticated");
    expect(await questionsOf(user)).toEqual([]);
  });

  test("is none for who has never signed in from a browser, nor where it is switched off", async () => {
    expect((await signIn(await aUser())).outcome).toBe("authenticated");
    const user = await anOwner();
    const { organizationId } = await prisma().membership.findFirstOrThrow({
      where: { userId: user.id },
    });
    await prisma().signInPolicy.create({ data: { organizationId, riskChecked: false } });
    expect((await signIn(user)).outcome).toBe("authenticated");
    expect(await questionsOf(user)).toEqual([]);
  });

  test("begins with a flow as with the whole form", async () => {
    const user = await anOwner();
    const browser = { flowSecret: await beginSignIn(user.email, "/"), deviceSecret: undefined };
    const { password } = user;
    const answer = await attemptFactor(
      browser,
      "password",
      { password },
      { trustDevice: false },
      ABROAD,
    );
    expect(answer).toMatchObject({
      outcome: "continue",
      next: { step: "second-factor", offers: ["email-code"] },
    });
  });

  test.each([
    ["new alone", false, true],
    ["new after many failures", true, false],
  ])("of a device that is %s is trusted afterwards: %s", async (_what, guessed, trusted) => {
    const user = await anOwner();
    const app = await aTotp(user.id);
    if (guessed) await manyFailures(user);
    const deviceSecret = newSecret();
    const given = await signIn(user, HOME, deviceSecret);
    if (given.outcome !== "continue") throw new Error(given.outcome);
    const browser = { flowSecret: given.flowSecret, deviceSecret };
    const code = totpCode(app);
    const answer = await attemptFactor(browser, "totp", { code }, { trustDevice: true }, HOME);
    if (answer.outcome !== "authenticated") throw new Error(answer.outcome);
    const cookies = { deviceSecret, sessionSecret: undefined };
    const redeemed = await redeemSignInTicket(answer.ticket, cookies, HOME);
    const again = await signIn(user, HOME, redeemed?.deviceSecret ?? deviceSecret);
    expect(again.outcome).toBe(trusted ? "authenticated" : "continue");
  });
});

test("a rule that is made shorter ends the trust that was given before (F21)", async () => {
  const user = await anOwner();
  await aTotp(user.id);
  const redeemed = await signInWith(user, user.device, true);
  const isSpared = async () => ({
    signIn: (await signIn(user, HOME, redeemed?.deviceSecret)).outcome === "authenticated",
    session: (await findPrincipal(redeemed?.sessionSecret))?.session.deviceTrusted,
  });
  const { organizationId } = await prisma().membership.findFirstOrThrow({
    where: { userId: user.id },
  });
  const rule = (trustedDeviceDays: number) =>
    prisma().signInPolicy.upsert({
      where: { organizationId },
      create: { organizationId, trustedDeviceDays },
      update: { trustedDeviceDays },
    });
  expect(await isSpared()).toEqual({ signIn: true, session: true });
  await prisma().device.updateMany({
    where: { userId: user.id },
    data: { trustedAt: new Date(Date.now() - 10 * 86_400_000) },
  });
  await rule(11);
  expect(await isSpared()).toEqual({ signIn: true, session: true });
  for (const days of [9, 0]) {
    await rule(days);
    expect(await isSpared()).toEqual({ signIn: false, session: false });
  }
});

test("trust gives a browser another secret, for everybody whom it knows (F21)", async () => {
  const [user, other] = [await anOwner(), await aUser()];
  await signInWith(other, user.device, false);
  const redeemed = await signInWith(user, user.device, true);
  for (const { id } of [user, other]) {
    expect(await findDeviceOf(id, user.device)).toBeNull();
    expect(await findDeviceOf(id, redeemed?.deviceSecret)).not.toBeNull();
  }
  expect(
    (await signInWith(user, redeemed?.deviceSecret ?? "", false))?.deviceSecret,
  ).toBeUndefined();
});
