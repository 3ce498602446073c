import type { Account } from "next-auth";
import { beforeAll, expect, test } from "vitest";
import { cookieOf, mayEnter, openedSession, type Redeem, tokenOf } from "@/lib/authn/auth-js-rules";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { anInstance, aRequest, aSession, aUser } from "@/tests/support/builders";
import { aConnection, askedOf } from "@/tests/support/connections";
import { aVerifiedDomain } from "@/tests/support/domains";

beforeAll(async () => {
  await anInstance();
});

let subjects = 0;
const anAccount = (): Account => ({
  provider: "google",
  providerAccountId: `rules-${++subjects}`,
  type: "oidc",
});
const CREDENTIALS: Account = {
  provider: "credentials",
  providerAccountId: "x",
  type: "credentials",
};
const aProfile = () => ({
  email: `rules-${subjects}-${Date.now()}@example.com`,
  email_verified: true,
});

const redeemWith =
  (sessionSecret?: string): Redeem =>
  (ticket) =>
    redeemSignInTicket(ticket, { deviceSecret: undefined, sessionSecret }, aRequest());

test.each([undefined, {}, { sessionSecret: "" }, { sessionSecret: "x" }, { sub: newSecret() }])(
  "no session cookie is made of the token %j",
  (token) => {
    expect(() => cookieOf(token)).toThrow("no session was opened");
  },
);

const nothingLeft = async () => false;

test("whom a provider's word is not enough for goes on to prove more (ATK-33)", async () => {
  const entry = { account: anAccount(), profile: aProfile(), user: { name: "Grace" } };
  expect(await mayEnter(entry, aRequest(), async () => true)).toBe("/challenge");
});

test("a session's secret is the cookie, and the cookie nothing but it (D3)", () => {
  const sessionSecret = newSecret();
  expect(cookieOf({ sessionSecret, email: "somebody@example.com" })).toBe(sessionSecret);
  expect(tokenOf(sessionSecret)).toEqual({ sessionSecret });
});

test.each([undefined, "", "x", "eyJhbGciOiJkaXIifQ..a.b.c"])(
  "a cookie of another making, %j, is no token (ATK-14)",
  (cookie) => {
    expect(tokenOf(cookie)).toBeNull();
  },
);

test("a sign-in without an account enters nowhere; one by ticket has been decided", async () => {
  expect(await mayEnter({ account: null, user: {} }, aRequest(), nothingLeft)).toBe(false);
  expect(await mayEnter({ user: {} }, aRequest(), nothingLeft)).toBe(false);
  expect(await mayEnter({ account: CREDENTIALS, user: {} }, aRequest(), nothingLeft)).toBe(true);
});

test("only `true` is a verified address, whatever else a provider calls it", async () => {
  for (const email_verified of [false, "true", 1, null, undefined]) {
    const account = anAccount();
    const profile = { ...aProfile(), email_verified } as never;
    expect(
      await mayEnter({ account, profile, user: { name: "Grace" } }, aRequest(), nothingLeft),
    ).toBe("/sign-in?error=email-unverified");
  }
  const unnamed = { account: anAccount(), profile: { email_verified: true }, user: {} };
  expect(await mayEnter(unnamed, aRequest(), nothingLeft)).toBe("/sign-in?error=email-unverified");
  expect(await mayEnter({ account: anAccount(), user: {} }, aRequest(), nothingLeft)).toBe(
    "/sign-in?error=email-unverified",
  );
});

test.each([
  ["the text false", { email_verified: "false" }, "/sign-in?error=email-unverified"],
  ["a number", { email_verified: 0 }, "/sign-in?error=email-unverified"],
  ["null", { email_verified: null }, "/sign-in?error=email-unverified"],
  ["nothing", {}, true],
])(
  "a verified domain answers for a provider's silence alone: it says %s of an address (ATK-15)",
  async (_what, claim, expected) => {
    const row = await aConnection({ domains: ["corp.example"] });
    await aVerifiedDomain("corp.example", row.organizationId);
    const { provider, connection } = askedOf(row);
    const account = { ...anAccount(), provider };
    const profile = { email: `rules-${newId()}@corp.example`, ...claim } as never;
    const entry = { account, profile, connection, user: { name: "Grace" } };
    expect(await mayEnter(entry, aRequest(), nothingLeft)).toBe(expected);
  },
);

test("who comes from a provider gets a new session, and the browser's earlier one ends (ATK-32)", async () => {
  const account = anAccount();
  const entry = { account, profile: aProfile(), user: { name: "Grace" } };
  expect(await mayEnter(entry, aRequest(), nothingLeft)).toBe(true);
  const { userId } = await prisma().account.findFirstOrThrow({
    where: { providerAccountId: account.providerAccountId },
  });
  const earlier = await aSession((await aUser()).id);
  const token = await openedSession({ id: userId }, account, redeemWith(earlier), undefined);
  const principal = await findPrincipal(cookieOf(token ?? undefined));
  expect(principal).toMatchObject({ userId, session: { amr: ["fed"] } });
  expect(await findPrincipal(earlier)).toBeNull();
});

test("a user disabled between the provider's answer and the cookie gets no session", async () => {
  const user = await aUser({ status: "disabled" });
  expect(await openedSession({ id: user.id }, anAccount(), redeemWith(), undefined)).toBeNull();
});

test("no session is opened to renew a cookie, nor for nobody", async () => {
  const refuse: Redeem = () => {
    throw new Error("nothing must be redeemed");
  };
  const user = await aUser();
  expect(await openedSession({ id: user.id }, undefined, refuse, undefined)).toBeNull();
  expect(await openedSession(undefined, anAccount(), refuse, undefined)).toBeNull();
  expect(await openedSession({}, anAccount(), refuse, undefined)).toBeNull();
  expect(await prisma().signInTicket.count({ where: { userId: user.id } })).toBe(0);
});

test("a redeemed ticket's secret is passed on as it is, and a missing one makes no cookie", async () => {
  const sessionSecret = newSecret();
  const redeemed = { id: "x", sessionSecret } as never;
  expect(await openedSession(redeemed, CREDENTIALS, redeemWith(), undefined)).toEqual({
    sessionSecret,
  });
  const nothing = await openedSession(undefined, CREDENTIALS, redeemWith(), undefined);
  expect(() => cookieOf(nothing ?? undefined)).toThrow("no session was opened");
});
