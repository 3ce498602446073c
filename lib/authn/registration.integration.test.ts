import { beforeAll, expect, test, vi } from "vitest";
import { confirmRegistration, inspectRegistrationLink } from "@/lib/authn/confirm-registration";
import { register } from "@/lib/authn/register";
import { requestPasswordReset } from "@/lib/authn/reset-password";
import { signInWithPassword } from "@/lib/authn/sign-in-with-password";
import { newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { anInstance, aRequest, aUser } from "@/tests/support/builders";
import { mailsTo, tokenMailedTo } from "@/tests/support/mailbox";
import { working } from "@/tests/support/proof-of-work";
import { race } from "@/tests/support/race";

beforeAll(async () => {
  await anInstance();
});

let sequence = 0;
const anAddress = () => `sign-up-${++sequence}-${Date.now()}@example.com`;
const PASSWORD = "four unlikely words here";

async function signUp(email = anAddress(), password = PASSWORD) {
  const browserSecret = newSecret();
  const request = aRequest({ ip: `198.51.100.${(sequence % 250) + 1}` });
  const result = await register({ email, name: "Ada", password, browserSecret }, request);
  return { email, browserSecret, result };
}

const confirm = (token: string, browserSecret?: string, password?: string) =>
  confirmRegistration(token, { browserSecret, password }, aRequest());

test("a confirmed sign-up is an active user with the default role", async () => {
  const { email, browserSecret } = await signUp();
  const result = await confirm(await tokenMailedTo(email), browserSecret);
  expect(result).toEqual({ outcome: "confirmed", email });
  const user = await prisma().user.findUniqueOrThrow({
    where: { email },
    include: { roles: { include: { role: true } }, memberships: true },
  });
  expect(user.status).toBe("active");
  expect(user.emailVerified).not.toBeNull();
  expect(user.roles.map(({ role }) => role.name)).toEqual(["User"]);
  expect(user.memberships).toHaveLength(1);
});

test("nothing of a user exists before the address is confirmed (F1)", async () => {
  const { email } = await signUp();
  expect(await prisma().user.findUnique({ where: { email } })).toBeNull();
  const attempt = await signInWithPassword(email, PASSWORD, undefined, aRequest());
  expect(attempt).toMatchObject({ outcome: "rejected", reason: "email-unverified" });
  const guess = await signInWithPassword(email, "something else", undefined, aRequest());
  expect(guess).toEqual({ outcome: "rejected", reason: "invalid-credentials" });
});

test("looking at a link does not use it up (ATK-37)", async () => {
  const { email, browserSecret } = await signUp();
  const token = await tokenMailedTo(email);
  for (let look = 0; look < 3; look += 1) {
    expect(await inspectRegistrationLink(token, browserSecret)).toMatchObject({ state: "pending" });
  }
  expect((await confirm(token, browserSecret)).outcome).toBe("confirmed");
  expect(await inspectRegistrationLink(token, browserSecret)).toEqual({ state: "used" });
});

test("another browser must give the password that was chosen (ATK-15)", async () => {
  const { email } = await signUp();
  const token = await tokenMailedTo(email);
  const wrong = { outcome: "rejected", reason: "wrong-password" };
  expect(await confirm(token)).toEqual(wrong);
  expect(await confirm(token, newSecret(), "a wrong password")).toEqual(wrong);
  expect((await confirm(token, undefined, PASSWORD)).outcome).toBe("confirmed");
});

test("of two sign-ups for one address only the confirmed one counts (ATK-15)", async () => {
  const attacker = await signUp(anAddress(), "the attacker knows this one");
  const attackerToken = await tokenMailedTo(attacker.email);
  const victim = await signUp(attacker.email, "only the victim knows this");
  const victimToken = await tokenMailedTo(victim.email);
  expect((await confirm(victimToken, victim.browserSecret)).outcome).toBe("confirmed");
  expect(await confirm(attackerToken, attacker.browserSecret)).toEqual({
    outcome: "rejected",
    reason: "used",
  });
  const attempt = await signInWithPassword(
    victim.email,
    "the attacker knows this one",
    undefined,
    aRequest(),
  );
  expect(attempt.outcome).toBe("rejected");
});

test("a link confirms once, even for 50 parallel requests (ATK-19)", async () => {
  const { email, browserSecret } = await signUp();
  const token = await tokenMailedTo(email);
  const results = await race(50, () => confirm(token, browserSecret));
  expect(results.filter(({ outcome }) => outcome === "confirmed")).toHaveLength(1);
  expect(await prisma().user.count({ where: { email } })).toBe(1);
});

test("an expired link opens nothing", async () => {
  const { email, browserSecret } = await signUp();
  const token = await tokenMailedTo(email);
  await prisma().registration.updateMany({ where: { email }, data: { expiresAt: new Date(0) } });
  expect(await confirm(token, browserSecret)).toEqual({ outcome: "rejected", reason: "expired" });
});

test("a known address gets the same answer, and its owner a mail that says so (ATK-38)", async () => {
  const user = await aUser();
  const known = await signUp(user.email);
  const unknown = await signUp();
  expect(known.result).toEqual(unknown.result);
  const [mail] = await mailsTo(user.email);
  expect(mail?.kind).toBe("address-taken");
  expect(mail?.text).not.toContain("token=");
});

test("a sign-up for a stranger's address does not tell whether it has an account (ATK-38)", async () => {
  const user = await aUser();
  const answerFor = async (email: string) => {
    await signUp(email);
    const attempt = await signInWithPassword(email, PASSWORD, undefined, aRequest());
    return { ...attempt, email: undefined };
  };
  expect(await answerFor(user.email)).toEqual(await answerFor(anAddress()));
  const owner = await signInWithPassword(user.email, user.password, undefined, aRequest());
  expect(owner.outcome).toBe("authenticated");
});

test("a sign-up for a stranger's address does not renew the guesses at its password", async () => {
  const user = await aUser();
  await signUp(user.email);
  const attempts = [];
  for (let round = 0; round < 6; round += 1) {
    const password = round % 2 === 0 ? "a guess" : PASSWORD;
    attempts.push(
      await working((proof) =>
        signInWithPassword(user.email, password, undefined, aRequest(), { proof }),
      ),
    );
  }
  expect(attempts.at(-1)?.outcome).toBe("locked");
});

test.each([
  ["Password123!", "common"],
  ["p@ssw0rd", "common"],
  ["12345678", "common"],
  ["gatehouse1", "personal"],
])("the password %s is refused as %s (F14)", async (password, reason) => {
  expect((await signUp(anAddress(), password)).result).toEqual({ outcome: "rejected", reason });
});

test("one address is mailed five times an hour at most (F120)", async () => {
  const email = anAddress();
  for (let count = 0; count < 8; count += 1) await signUp(email);
  expect(await mailsTo(email)).toHaveLength(5);
});

test("only hashes of links are kept", async () => {
  const { email } = await signUp();
  const token = await tokenMailedTo(email);
  const rows = await prisma().$queryRaw<{ text: string }[]>`
    SELECT registrations::text AS text FROM registrations`;
  expect(rows.some(({ text }) => text.includes(token) || text.includes(PASSWORD))).toBe(false);
});

test("links that lead nowhere say which kind they are, and confirm nothing", async () => {
  const { email, browserSecret } = await signUp();
  const token = await tokenMailedTo(email);
  for (const unknown of [undefined, "x", newSecret()]) {
    expect(await inspectRegistrationLink(unknown, browserSecret)).toEqual({ state: "unknown" });
    expect(
      await confirmRegistration(unknown, { browserSecret, password: PASSWORD }, aRequest()),
    ).toEqual({ outcome: "rejected", reason: "unknown" });
  }
  await prisma().registration.updateMany({ where: { email }, data: { expiresAt: new Date(0) } });
  expect(await inspectRegistrationLink(token, browserSecret)).toEqual({ state: "expired" });
  expect(await confirm(token, browserSecret)).toEqual({ outcome: "rejected", reason: "expired" });
  expect(await prisma().user.findUnique({ where: { email } })).toBeNull();
});

test("a link says beforehand whether this browser must give the password", async () => {
  const { email, browserSecret } = await signUp();
  const token = await tokenMailedTo(email);
  expect(await inspectRegistrationLink(token, browserSecret)).toMatchObject({ proof: "browser" });
  for (const stranger of [undefined, "x", newSecret()]) {
    expect(await inspectRegistrationLink(token, stranger)).toMatchObject({ proof: "password" });
  }
});

test("a sign-up through the API belongs to no browser, and needs its password (ATK-15)", async () => {
  const email = anAddress();
  const input = { email, name: null, password: PASSWORD, browserSecret: null };
  expect(await register(input, aRequest({ ip: "198.51.100.251" }))).toEqual({
    outcome: "accepted",
  });
  const token = await tokenMailedTo(email);
  expect((await confirm(token, newSecret())).outcome).toBe("rejected");
  expect((await confirm(token, newSecret(), PASSWORD)).outcome).toBe("confirmed");
});

test("a link whose address got its user meanwhile confirms nothing, and makes no second one", async () => {
  const { email, browserSecret } = await signUp();
  const token = await tokenMailedTo(email);
  const faster = await aUser();
  await prisma().user.update({ where: { id: faster.id }, data: { email } });
  expect(await confirm(token, browserSecret)).toEqual({ outcome: "rejected", reason: "used" });
  const user = await prisma().user.findUniqueOrThrow({ where: { email } });
  expect(user.id).toBe(faster.id);
});

test("one source asks for so many mails and no more, and hears when to come back (F120)", async () => {
  const request = aRequest({ ip: "198.51.100.252" });
  const results = await race(35, () => requestPasswordReset(anAddress(), request));
  expect(results.filter(({ outcome }) => outcome === "accepted")).toHaveLength(30);
  const input = { email: anAddress(), name: null, password: PASSWORD, browserSecret: null };
  const limited = await register(input, request);
  expect(limited).toMatchObject({ retryAfterSeconds: expect.any(Number) as number });
});

test.each(["closed", "invite"])("with SIGN_UP=%s nobody signs up", async (mode) => {
  vi.resetModules();
  vi.stubEnv("SIGN_UP", mode);
  const closed = await import("@/lib/authn/register");
  const email = anAddress();
  const input = { email, name: null, password: PASSWORD, browserSecret: null };
  expect(await closed.register(input, aRequest())).toEqual({
    outcome: "rejected",
    reason: "sign-up-closed",
  });
  expect(await prisma().registration.count({ where: { email } })).toBe(0);
  vi.stubEnv("SIGN_UP", undefined);
});
