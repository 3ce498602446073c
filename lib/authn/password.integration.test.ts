import { beforeAll, expect, test } from "vitest";
import { SOURCE_ATTEMPTS } from "@/lib/authn/attempt-limits";
import { changePassword } from "@/lib/authn/change-password";
import { inspectResetLink, requestPasswordReset, resetPassword } from "@/lib/authn/reset-password";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { signInWithPassword } from "@/lib/authn/sign-in-with-password";
import { newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { countUses } from "@/lib/platform/rate-limit/limiter";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { anInstance, aRequest, aSession, aUser, callerWith } from "@/tests/support/builders";
import { mailsTo, tokenMailedTo } from "@/tests/support/mailbox";
import { working } from "@/tests/support/proof-of-work";
import { race } from "@/tests/support/race";

beforeAll(async () => {
  await anInstance();
});

const NEXT = "an entirely different phrase";

async function aResetLink() {
  const user = await aUser();
  await requestPasswordReset(user.email, aRequest());
  return { user, token: await tokenMailedTo(user.email) };
}

const signIn = (email: string, password: string) =>
  signInWithPassword(email, password, undefined, aRequest({ ip: "192.0.2.77" }));

test("a reset sets the password and ends every session (F2)", async () => {
  const { user, token } = await aResetLink();
  const cookie = await aSession(user.id);
  expect(await resetPassword(token, NEXT, aRequest())).toEqual({
    outcome: "changed",
    email: user.email,
    first: false,
  });
  expect(await findPrincipal(cookie)).toBeNull();
  expect((await signIn(user.email, user.password)).outcome).toBe("rejected");
  expect((await signIn(user.email, NEXT)).outcome).toBe("authenticated");
  expect((await mailsTo(user.email)).at(-1)?.kind).toBe("password-changed");
});

const enter = async (
  { email }: { email: string },
  password: string,
  deviceSecret: string,
  ip: string,
) => {
  const result = await signInWithPassword(email, password, deviceSecret, aRequest({ ip }));
  if (result.outcome !== "authenticated") return result.outcome;
  const browser = { deviceSecret, sessionSecret: undefined };
  const redeemed = await redeemSignInTicket(result.ticket, browser, aRequest({ ip }));
  return redeemed === null ? "rejected" : "in";
};

test("a reset leaves no browser known but the one that it is done on (F35, F121)", async () => {
  const user = await aUser();
  const [own, thief] = [newSecret(), newSecret()];
  expect(await enter(user, user.password, own, "192.0.2.31")).toBe("in");
  expect(await enter(user, user.password, thief, "192.0.2.32")).toBe("in");
  await requestPasswordReset(user.email, aRequest());
  const token = await tokenMailedTo(user.email);
  expect((await resetPassword(token, NEXT, aRequest(), own)).outcome).toBe("changed");
  const alerts = async () =>
    (await mailsTo(user.email)).filter(({ kind }) => kind === "new-device").length;
  const before = await alerts();
  // Elsewhere as well, the known one is asked for nothing more and told of to nobody.
  expect(await enter(user, NEXT, own, "203.0.113.31")).toBe("in");
  expect(await alerts()).toBe(before);
  expect(await enter(user, NEXT, thief, "198.51.100.31")).toBe("continue");
  expect(await enter(user, NEXT, thief, "192.0.2.33")).toBe("in");
  expect(await alerts()).toBe(before + 1);
});

test("where a reset forgets every browser, one from elsewhere is questioned all the same (F121)", async () => {
  const user = await aUser();
  expect(await enter(user, user.password, newSecret(), "192.0.2.41")).toBe("in");
  await requestPasswordReset(user.email, aRequest());
  await resetPassword(await tokenMailedTo(user.email), NEXT, aRequest());
  expect(await enter(user, NEXT, newSecret(), "203.0.113.41")).toBe("continue");
});

test("a browser that was forgotten begins anew when it signs in again", async () => {
  const { user, token } = await aResetLink();
  const device = newSecret();
  expect(await enter(user, user.password, device, "192.0.2.51")).toBe("in");
  const where = { userId: user.id };
  await prisma().device.updateMany({ where, data: { createdAt: new Date(0) } });
  expect((await resetPassword(token, NEXT, aRequest())).outcome).toBe("changed");
  expect(await enter(user, NEXT, device, "192.0.2.51")).toBe("in");
  const [row, ...others] = await prisma().device.findMany({ where });
  expect(others).toEqual([]);
  expect(row?.forgottenAt).toBeNull();
  expect(row?.createdAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
});

test("a reset opens the account's lock, and gives its source no attempt that was not spent (ATK-34)", async () => {
  const { user, token } = await aResetLink();
  const request = aRequest({ ip: "192.0.2.78" });
  for (let attempts = 0; attempts < 7; attempts += 1) {
    await working((proof) =>
      signInWithPassword(user.email, "a guess", undefined, request, { proof }),
    );
  }
  const spent = await countUses([SOURCE_ATTEMPTS, "192.0.2.78"]);
  expect(spent).toEqual([7]);
  expect((await signIn(user.email, user.password)).outcome).toBe("locked");
  expect((await resetPassword(token, NEXT, request)).outcome).toBe("changed");
  expect(await countUses([SOURCE_ATTEMPTS, "192.0.2.78"])).toEqual(spent);
  expect((await signIn(user.email, NEXT)).outcome).toBe("authenticated");
});

test("a reset link works once, even for 50 parallel requests (ATK-19)", async () => {
  const { user, token } = await aResetLink();
  const results = await race(50, (index) => resetPassword(token, `${NEXT} ${index}`, aRequest()));
  expect(results.filter(({ outcome }) => outcome === "changed")).toHaveLength(1);
  const events = {
    action: "user.password_changed",
    outcome: "success",
    targetId: user.id,
  } as const;
  expect(await prisma().auditEvent.count({ where: events })).toBe(1);
});

test("only the newest link works (ATK-37)", async () => {
  const { user, token } = await aResetLink();
  await requestPasswordReset(user.email, aRequest());
  expect(await inspectResetLink(token)).toEqual({ state: "replaced" });
  const newest = await tokenMailedTo(user.email);
  expect(await inspectResetLink(newest)).toMatchObject({ state: "pending" });
});

test("an expired link and a disabled user's link open nothing", async () => {
  const { user, token } = await aResetLink();
  await prisma().user.update({ where: { id: user.id }, data: { status: "disabled" } });
  expect((await resetPassword(token, NEXT, aRequest())).outcome).toBe("rejected");
  await prisma().user.update({ where: { id: user.id }, data: { status: "active" } });
  await prisma().verificationToken.updateMany({
    where: { userId: user.id },
    data: { expiresAt: new Date(0) },
  });
  expect(await resetPassword(token, NEXT, aRequest())).toEqual({
    outcome: "rejected",
    reason: "expired",
  });
});

test("an unknown address gets the same answer and one mail (ATK-38)", async () => {
  const user = await aUser();
  const unknown = `nobody-${Date.now()}@example.com`;
  const answers = [
    await requestPasswordReset(user.email, aRequest()),
    await requestPasswordReset(unknown, aRequest()),
  ];
  expect(answers[0]).toEqual(answers[1]);
  expect(await mailsTo(user.email)).toHaveLength(1);
  expect((await mailsTo(unknown)).map(({ kind }) => kind)).toEqual(["no-account"]);
});

test("a refused password leaves the link as it was", async () => {
  const { token } = await aResetLink();
  expect(await resetPassword(token, "password123", aRequest())).toEqual({
    outcome: "rejected",
    reason: "common",
  });
  expect((await resetPassword(token, NEXT, aRequest())).outcome).toBe("changed");
});

test("a change needs the present password and ends the other sessions (F16)", async () => {
  const user = await aUser();
  const [present, other] = [await aSession(user.id), await aSession(user.id)];
  const caller = await callerWith(present);
  expect(await changePassword(caller, "not the password", NEXT)).toEqual({
    outcome: "rejected",
    reason: "wrong-password",
  });
  expect(await changePassword(caller, user.password, "password123")).toEqual({
    outcome: "rejected",
    reason: "common",
  });
  expect(await changePassword(caller, user.password, NEXT)).toEqual({
    outcome: "changed",
    endedSessions: 1,
  });
  expect(await findPrincipal(present)).not.toBeNull();
  expect(await findPrincipal(other)).toBeNull();
});

test("a change kills reset links that wait", async () => {
  const { user, token } = await aResetLink();
  await changePassword(await callerWith(await aSession(user.id)), user.password, NEXT);
  expect(await inspectResetLink(token)).toEqual({ state: "used" });
});

test("guesses of the present password have a budget", async () => {
  const user = await aUser();
  const caller = await callerWith(await aSession(user.id));
  const results = await race(30, () => changePassword(caller, "guess", NEXT));
  expect(results.filter(({ outcome }) => outcome === "rejected").length).toBeLessThanOrEqual(10);
  expect(results.some(({ outcome }) => outcome === "locked")).toBe(true);
});

test.each([undefined, "", "x", newSecret()])("the reset link %j is unknown", async (token) => {
  expect(await inspectResetLink(token)).toEqual({ state: "unknown" });
  expect(await resetPassword(token, NEXT, aRequest())).toEqual({
    outcome: "rejected",
    reason: "unknown",
  });
});

test("nobody's mailbox is flooded with links, and the answer does not tell (F120)", async () => {
  const user = await aUser();
  const request = aRequest({ ip: "192.0.2.90" });
  const answers = await race(8, () => requestPasswordReset(user.email, request));
  expect(answers).toEqual(Array(8).fill({ outcome: "accepted" }));
  expect(await mailsTo(user.email)).toHaveLength(5);
});

test("one source asks for so many links and no more, whomever they are for (F120)", async () => {
  const request = aRequest({ ip: "192.0.2.91" });
  const answers = await race(35, (index) =>
    requestPasswordReset(`source-${index}@example.com`, request),
  );
  expect(answers.filter(({ outcome }) => outcome === "accepted")).toHaveLength(30);
  expect(answers.filter(({ outcome }) => outcome === "limited")).toHaveLength(5);
});

test("a disabled user gets no link, and the mail of a stranger", async () => {
  const user = await aUser({ status: "disabled" });
  await requestPasswordReset(user.email, aRequest({ ip: "192.0.2.92" }));
  expect((await mailsTo(user.email)).map(({ kind }) => kind)).toEqual(["no-account"]);
});
