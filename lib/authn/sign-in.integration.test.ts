import { hash } from "bcryptjs";
import { beforeAll, expect, test } from "vitest";
import { spendAttempt } from "@/lib/authn/sign-in-budget";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { signInWithPassword } from "@/lib/authn/sign-in-with-password";
import { newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { anInstance, aRequest, aSession, aUser } from "@/tests/support/builders";
import { working } from "@/tests/support/proof-of-work";
import { race } from "@/tests/support/race";
import { aTicket } from "@/tests/support/tickets";

beforeAll(async () => {
  await anInstance();
});

let address = 0;
/** Every test is a source of its own, so that their budgets do not meet. */
const fromElsewhere = () => aRequest({ ip: `203.0.113.${(++address % 250) + 1}` });

const signIn = (email: string, password: string, device?: string, request = fromElsewhere()) =>
  working((proof) => signInWithPassword(email, password, device, request, { proof }));

const NEW_BROWSER = { deviceSecret: undefined, sessionSecret: undefined };
const browserWith = (deviceSecret: string) => ({ ...NEW_BROWSER, deviceSecret });

async function ticketOf(email: string, password: string): Promise<string> {
  const result = await signIn(email, password);
  if (result.outcome !== "authenticated") throw new Error(result.outcome);
  return result.ticket;
}

test("the right password leads to a session, with its event in the log", async () => {
  const user = await aUser();
  const request = fromElsewhere();
  const redeemed = await redeemSignInTicket(
    await ticketOf(user.email, user.password),
    NEW_BROWSER,
    request,
  );
  const principal = await findPrincipal(redeemed?.sessionSecret);
  expect(principal).toMatchObject({ userId: user.id, session: { amr: ["pwd"] } });
  const event = await prisma().auditEvent.findFirstOrThrow({
    where: { requestId: request.requestId },
  });
  expect(event).toMatchObject({ action: "session.created", actorId: user.id, ip: request.ip });
});

test.each([["pwd"], ["fed"]])(
  "a sign-in by %s ends the session that the browser had, and no other (ATK-32)",
  async (factor) => {
    const [user, earlierUser] = [await aUser(), await aUser()];
    const [earlier, elsewhere] = [await aSession(earlierUser.id), await aSession(earlierUser.id)];
    const ticket = await aTicket({ userId: user.id, acr: "test", amr: [factor] });
    const request = fromElsewhere();
    const browser = { deviceSecret: undefined, sessionSecret: earlier };
    const redeemed = await redeemSignInTicket(ticket, browser, request);
    expect(redeemed?.sessionSecret).not.toBe(earlier);
    expect((await findPrincipal(redeemed?.sessionSecret))?.userId).toBe(user.id);
    expect(await findPrincipal(earlier)).toBeNull();
    expect(await findPrincipal(elsewhere)).not.toBeNull();
    const events = await prisma().auditEvent.findMany({
      where: { requestId: request.requestId },
      orderBy: { id: "asc" },
    });
    expect(events).toMatchObject([
      { action: "session.revoked", actorId: earlierUser.id, reason: "replaced_by_sign_in" },
      { action: "session.created", actorId: user.id },
    ]);
  },
);

test("a sign-in that fails at its end leaves the browser's session alone", async () => {
  const [user, earlierUser] = [await aUser(), await aUser()];
  const earlier = await aSession(earlierUser.id);
  const ticket = await aTicket({ userId: user.id, acr: "test", amr: ["fed"] });
  await prisma().user.update({ where: { id: user.id }, data: { status: "disabled" } });
  const browser = { deviceSecret: undefined, sessionSecret: earlier };
  expect(await redeemSignInTicket(ticket, browser, aRequest())).toBeNull();
  expect(await findPrincipal(earlier)).not.toBeNull();
});

test.each([undefined, "", "x", newSecret()])(
  "a cookie that is no session (%j) is no obstacle to signing in, and leaves no event",
  async (sessionSecret) => {
    const user = await aUser();
    const ticket = await aTicket({ userId: user.id, acr: "test", amr: ["fed"] });
    const request = fromElsewhere();
    const browser = { deviceSecret: undefined, sessionSecret };
    expect(await redeemSignInTicket(ticket, browser, request)).not.toBeNull();
    const { requestId } = request;
    expect(await prisma().auditEvent.count({ where: { requestId } })).toBe(1);
  },
);

test.each(["disabled", "pending"] as const)(
  "a %s user gets the answer of a stranger",
  async (status) => {
    const user = await aUser({ status });
    const stranger = await signIn("nobody@example.com", user.password);
    expect(await signIn(user.email, user.password)).toEqual(stranger);
    expect(stranger).toEqual({ outcome: "rejected", reason: "invalid-credentials" });
  },
);

test("a ticket opens one session, even for 50 parallel requests (ATK-19)", async () => {
  const user = await aUser();
  const ticket = await ticketOf(user.email, user.password);
  const results = await race(50, () => redeemSignInTicket(ticket, NEW_BROWSER, aRequest()));
  expect(results.filter((redeemed) => redeemed !== null)).toHaveLength(1);
  expect(await prisma().session.count({ where: { userId: user.id } })).toBe(1);
});

test("the race above would be lost by reading before writing", async () => {
  const user = await aUser();
  await aTicket({ userId: user.id, acr: "test", amr: ["pwd"] });
  const ticket = await prisma().signInTicket.findFirstOrThrow({ where: { userId: user.id } });
  const naive = async () => {
    const row = await prisma().signInTicket.findUniqueOrThrow({ where: { id: ticket.id } });
    if (row.consumedAt !== null) return false;
    await prisma().signInTicket.update({
      where: { id: ticket.id },
      data: { consumedAt: new Date() },
    });
    return true;
  };
  const winners = (await race(50, naive)).filter(Boolean);
  expect(winners.length).toBeGreaterThan(1);
});

test("an expired ticket and a ticket of a user disabled since open nothing", async () => {
  const user = await aUser();
  const expired = await ticketOf(user.email, user.password);
  await prisma().signInTicket.updateMany({
    where: { userId: user.id },
    data: { expiresAt: new Date(0) },
  });
  expect(await redeemSignInTicket(expired, NEW_BROWSER, aRequest())).toBeNull();
  const late = await ticketOf(user.email, user.password);
  await prisma().user.update({ where: { id: user.id }, data: { status: "disabled" } });
  expect(await redeemSignInTicket(late, NEW_BROWSER, aRequest())).toBeNull();
});

test("an imported bcrypt hash signs in once and is argon2id from then on (F13)", async () => {
  const user = await aUser();
  await prisma().passwordCredential.update({
    where: { userId: user.id },
    data: { hash: await hash(user.password, 10) },
  });
  expect((await signIn(user.email, user.password)).outcome).toBe("authenticated");
  const { hash: renewed } = await prisma().passwordCredential.findUniqueOrThrow({
    where: { userId: user.id },
  });
  expect(renewed).toMatch(/^\$argon2id\$/);
  expect((await signIn(user.email, user.password)).outcome).toBe("authenticated");
});

test("200 parallel guesses get no more than the budget (ATK-34)", async () => {
  const user = await aUser();
  const results = await race(200, (index) =>
    signInWithPassword(user.email, "guess", undefined, aRequest({ ip: `10.0.${index}.1` })),
  );
  const looked = results.filter(({ outcome }) => outcome === "rejected");
  expect(looked.length).toBeLessThanOrEqual(5);
  const attempt = { email: user.email, deviceId: null };
  for (let index = 0; index < 7; index += 1) {
    await spendAttempt({ ...attempt, ip: `10.1.${index}.1` });
  }
  expect((await signIn(user.email, user.password)).outcome).toBe("locked");
});

test("a locked account says how long, and the next lock is longer (NIST-8)", async () => {
  const user = await aUser();
  const lockOut = async () => {
    for (let guess = 0; guess < 5; guess += 1) await signIn(user.email, "guess");
    const result = await signIn(user.email, "guess");
    if (result.outcome !== "locked") throw new Error("not locked");
    return result.retryAfterSeconds;
  };
  const first = await lockOut();
  expect(first).toBeLessThanOrEqual(30);
  await prisma().rateLimit.deleteMany({ where: { key: { startsWith: "sign-in-stranger:" } } });
  expect(await lockOut()).toBeGreaterThan(30);
});

test("no more than about 100 guesses are looked at in four days (NIST-8)", async () => {
  const user = await aUser();
  const fourDaysSeconds = 4 * 86_400;
  let looked = 0;
  for (let waited = 0, guess = 0; waited < fourDaysSeconds; guess += 1) {
    // What a guess costs a browser as well is another test's matter.
    const ip = `10.${guess >> 8}.${guess & 255}.1`;
    const result = await spendAttempt({ email: user.email, ip, deviceId: null });
    if (result.allowed) {
      looked += 1;
      continue;
    }
    waited += result.retryAfterSeconds;
    // The lock is over: time moves on for every counter.
    await prisma().rateLimit.updateMany({
      where: { key: { startsWith: "sign-in-" } },
      data: { expire: { decrement: result.retryAfterSeconds * 1000 } },
    });
  }
  expect(looked).toBeLessThanOrEqual(110);
});

test("a stranger's guesses do not lock a known device out (ATK-35)", async () => {
  const user = await aUser();
  const device = newSecret();
  await redeemSignInTicket(
    await ticketOf(user.email, user.password),
    browserWith(device),
    aRequest(),
  );
  for (let guess = 0; guess < 30; guess += 1) await signIn(user.email, "guess");
  expect((await signIn(user.email, user.password)).outcome).toBe("locked");
  expect((await signIn(user.email, user.password, device)).outcome).toBe("authenticated");
  expect((await signIn(user.email, user.password, newSecret())).outcome).toBe("locked");
});

test("a known device has a budget too", async () => {
  const user = await aUser();
  const device = newSecret();
  await redeemSignInTicket(
    await ticketOf(user.email, user.password),
    browserWith(device),
    aRequest(),
  );
  const results = await race(30, () => signIn(user.email, "guess", device));
  expect(results.filter(({ outcome }) => outcome === "rejected").length).toBeLessThanOrEqual(10);
});

test("one source cannot try many accounts", async () => {
  const request = fromElsewhere();
  const results = await race(130, (index) =>
    signIn(`spray-${index}@example.com`, "guess", undefined, request),
  );
  expect(results.filter(({ outcome }) => outcome === "locked").length).toBeGreaterThanOrEqual(30);
});

test("attempts on a locked account fill no log", async () => {
  const user = await aUser();
  const request = fromElsewhere();
  for (let guess = 0; guess < 5; guess += 1) {
    await signIn(user.email, "guess", undefined, request);
  }
  await race(200, () => signIn(user.email, "guess", undefined, request));
  const { requestId } = request;
  const events = await prisma().auditEvent.findMany({ where: { requestId } });
  const reasons = Object.groupBy(events, ({ reason }) => reason ?? "");
  expect(reasons["invalid-credentials"]).toHaveLength(5);
  expect(reasons["locked"]).toHaveLength(61);
});

test("success restores the budget", async () => {
  const user = await aUser();
  for (let round = 0; round < 4; round += 1) {
    for (let guess = 0; guess < 2; guess += 1) await signIn(user.email, "guess");
    expect((await signIn(user.email, user.password)).outcome).toBe("authenticated");
  }
});

test("every refusal is in the audit log, without the password", async () => {
  const user = await aUser();
  const request = fromElsewhere();
  await signIn(user.email, "a very secret guess", undefined, request);
  const event = await prisma().auditEvent.findFirstOrThrow({
    where: { requestId: request.requestId },
  });
  expect(event).toMatchObject({
    action: "session.rejected",
    outcome: "failure",
    targetId: user.id,
  });
  expect(JSON.stringify(event)).not.toContain("secret guess");
});

test.each([undefined, null, 7, "", "x", { ticket: "x" }, newSecret()])(
  "what is no ticket, %j, opens nothing",
  async (ticket) => {
    expect(await redeemSignInTicket(ticket, NEW_BROWSER, aRequest())).toBeNull();
  },
);
