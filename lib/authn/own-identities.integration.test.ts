import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { whereLinkLeads } from "@/lib/authn/auth-js-rules";
import {
  finishIdentityLink,
  type LinkOutcome,
  startIdentityLink,
  unlinkIdentity,
} from "@/lib/authn/own-identities";
import { forgetPasskey } from "@/lib/authn/own-passkeys";
import type { UpstreamIdentity } from "@/lib/federation/sign-in-with-identity";
import { signInWithIdentity } from "@/lib/federation/sign-in-with-identity";
import { getConfig } from "@/lib/platform/config";
import { newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { AAL2, AssuranceInsufficient } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import {
  aCaller,
  anInstance,
  aRequest,
  aSession,
  aUser,
  callerWith,
} from "@/tests/support/builders";
import { mailsTo } from "@/tests/support/mailbox";
import { aPasskey } from "@/tests/support/passkeys";
import { race } from "@/tests/support/race";

beforeAll(async () => {
  switchGoogle(true);
  Object.assign(getConfig(), { github: client });
  await anInstance();
});

const client = { id: "client", secret: "secret", issuer: "https://accounts.google.com" };
const switchGoogle = (on: boolean) => Object.assign(getConfig(), { google: on ? client : null });
afterEach(() => switchGoogle(true));

const anIdentity = (overrides: Partial<UpstreamIdentity> = {}): UpstreamIdentity => ({
  provider: "google",
  providerAccountId: newId(),
  type: "oidc",
  email: `upstream-${newId()}@example.com`,
  emailVerified: true,
  name: "Grace",
  ...overrides,
});

const linksOf = (userId: string) => prisma().account.count({ where: { userId } });

async function linked(caller: Caller, identity = anIdentity()): Promise<UpstreamIdentity> {
  const secret = await startIdentityLink(caller, identity.provider);
  expect(await finishIdentityLink(caller, secret, identity)).toBe("linked");
  return identity;
}

test("an identity is connected from within a session, signs in from then on, and both mailboxes are told (F10)", async () => {
  const user = await aUser();
  const caller = await callerWith(await aSession(user.id));
  const identity = await linked(caller);
  expect(await signInWithIdentity(identity, aRequest())).toMatchObject({
    outcome: "accepted",
    userId: user.id,
  });
  expect((await mailsTo(user.email)).at(-1)?.subject).toBe("A connected account was added");
  expect((await mailsTo(identity.email ?? "")).at(-1)?.kind).toBe("identity-linked");
  const event = await prisma().auditEvent.findFirstOrThrow({
    where: { action: "factor.added", targetId: user.id },
  });
  expect(event).toMatchObject({
    outcome: "success",
    after: { factor: "federation", label: "Google" },
  });
});

test("an address that the provider has not verified, or that is the account's own, is sent nothing", async () => {
  const user = await aUser();
  const caller = await callerWith(await aSession(user.id));
  const unverified = await linked(caller, anIdentity({ emailVerified: false }));
  expect(await mailsTo(unverified.email ?? "")).toEqual([]);
  await linked(caller, anIdentity({ email: user.email.toUpperCase() }));
  const kinds = (await mailsTo(user.email)).map(({ kind }) => kind);
  expect(kinds).toEqual(["factor-changed", "factor-changed"]);
});

test("of 50 parallel returns with one secret one connects an identity", async () => {
  const caller = await aCaller();
  const secret = await startIdentityLink(caller, "google");
  const outcomes = await race(50, () => finishIdentityLink(caller, secret, anIdentity()));
  expect(outcomes.filter((outcome) => outcome === "linked")).toHaveLength(1);
  expect(await linksOf(caller.principal.userId)).toBe(1);
});

test("an identity that signs in as somebody else stays theirs, and that is on record", async () => {
  const identity = await linked(await aCaller());
  const other = await aCaller();
  const secret = await startIdentityLink(other, "google");
  expect(await finishIdentityLink(other, secret, identity)).toBe("taken");
  expect(await linksOf(other.principal.userId)).toBe(0);
  const event = await prisma().auditEvent.findFirstOrThrow({
    where: { targetId: other.principal.userId, action: "factor.added" },
  });
  expect(event).toMatchObject({ outcome: "failure", reason: "identity-taken" });
});

test("an identity of one's own is connected once", async () => {
  const caller = await aCaller();
  const identity = await linked(caller);
  const secret = await startIdentityLink(caller, "google");
  expect(await finishIdentityLink(caller, secret, identity)).toBe("own");
  expect(await linksOf(caller.principal.userId)).toBe(1);
});

test("of two users who connect one identity at once one gets it", async () => {
  for (let round = 0; round < 5; round += 1) {
    const identity = anIdentity();
    const callers = [await aCaller(), await aCaller()];
    const outcomes = await Promise.all(
      callers.map(async (caller) =>
        finishIdentityLink(caller, await startIdentityLink(caller, "google"), identity),
      ),
    );
    expect(outcomes.toSorted()).toEqual(["linked", "taken"]);
  }
});

test("what one session began no other finishes, nor another provider, nor too late (ATK-15)", async () => {
  const user = await aUser();
  const caller = await callerWith(await aSession(user.id));
  const sameUser = await callerWith(await aSession(user.id));
  const stranger = await aCaller();
  const secret = await startIdentityLink(caller, "google");
  for (const other of [sameUser, stranger, null]) {
    expect(await finishIdentityLink(other, secret, anIdentity())).toBe("expired");
  }
  expect(await finishIdentityLink(caller, secret, anIdentity({ provider: "github" }))).toBe(
    "expired",
  );
  for (const nonsense of [undefined, "", newSecret()]) {
    expect(await finishIdentityLink(caller, nonsense, anIdentity())).toBe("expired");
  }
  await prisma().identityLink.updateMany({
    where: { userId: user.id },
    data: { expiresAt: new Date(Date.now() - 1_000) },
  });
  expect(await finishIdentityLink(caller, secret, anIdentity())).toBe("expired");
  expect(await linksOf(user.id)).toBe(0);
});

test("whoever has not proven lately who they are connects and disconnects nothing (F22)", async () => {
  const caller = await aCaller();
  const identity = await linked(caller);
  const secret = await startIdentityLink(caller, "google");
  const { principal } = caller;
  const authTime = new Date(Date.now() - 11 * 60_000);
  const stale = {
    ...caller,
    principal: { ...principal, session: { ...principal.session, authTime } },
  };
  await expect(startIdentityLink(stale, "google")).rejects.toThrow(AssuranceInsufficient);
  expect(await finishIdentityLink(stale, secret, anIdentity())).toBe("expired");
  const row = await prisma().account.findFirstOrThrow({ where: { userId: principal.userId } });
  await expect(unlinkIdentity(stale, row.id)).rejects.toThrow(AssuranceInsufficient);
  expect((await signInWithIdentity(identity, aRequest())).outcome).toBe("accepted");
});

test("a provider that is switched off on the way connects nothing (ATK-16)", async () => {
  const caller = await aCaller();
  const secret = await startIdentityLink(caller, "google");
  switchGoogle(false);
  expect(await startIdentityLink(caller, "google")).toBeNull();
  expect(await finishIdentityLink(caller, secret, anIdentity())).toBe("expired");
  expect(await linksOf(caller.principal.userId)).toBe(0);
});

/** Without a password; with these identities. */
async function aFederatedCaller(count: number): Promise<{ caller: Caller; ids: string[] }> {
  const user = await aUser();
  const caller = await callerWith(await aSession(user.id));
  for (let index = 0; index < count; index += 1) await linked(caller);
  await prisma().passwordCredential.delete({ where: { userId: user.id } });
  const rows = await prisma().account.findMany({ where: { userId: user.id } });
  return { caller, ids: rows.map(({ id }) => id) };
}

test("the last way in is not disconnected, and of several one stays, also in parallel (F107)", async () => {
  const { caller, ids } = await aFederatedCaller(5);
  const results = await race(5, (index) => unlinkIdentity(caller, ids[index] ?? ""));
  const refused = results.filter((result) => result?.outcome === "rejected");
  expect(refused).toEqual([{ outcome: "rejected", reason: "last-way-in" }]);
  expect(await linksOf(caller.principal.userId)).toBe(1);
});

test("an identity and a passkey that go at once do not both go", async () => {
  const { caller, ids } = await aFederatedCaller(1);
  const { userId, session } = caller.principal;
  await aPasskey(userId);
  await prisma().session.update({ where: { id: session.id }, data: { acr: AAL2 } });
  const strong = {
    ...caller,
    principal: { ...caller.principal, session: { ...session, acr: AAL2 } },
  };
  const passkey = await prisma().passkeyCredential.findFirstOrThrow({ where: { userId } });
  const results = await Promise.all([
    unlinkIdentity(strong, ids[0] ?? ""),
    forgetPasskey(strong, passkey.id),
  ]);
  expect(results.map((result) => result?.outcome).toSorted()).toEqual(["changed", "rejected"]);
});

test("an identity at a provider that is switched off is no way in", async () => {
  const { caller, ids } = await aFederatedCaller(1);
  const github = anIdentity({ provider: "github" });
  await linked(caller, github);
  switchGoogle(false);
  const { id } = await prisma().account.findFirstOrThrow({
    where: { provider: "github", providerAccountId: github.providerAccountId },
  });
  expect(await unlinkIdentity(caller, id)).toMatchObject({ reason: "last-way-in" });
  expect((await unlinkIdentity(caller, ids[0] ?? ""))?.outcome).toBe("changed");
});

test("an identity of somebody else is not disconnected", async () => {
  const owner = await aFederatedCaller(2);
  expect(await unlinkIdentity(await aCaller(), owner.ids[0] ?? "")).toBeNull();
  expect(await linksOf(owner.caller.principal.userId)).toBe(2);
});

test("who comes back to connect signs in nobody, and a ticket is never taken for it", async () => {
  const link = vi.fn<() => Promise<LinkOutcome>>(async () => "taken");
  const account = { provider: "google", providerAccountId: "x", type: "oidc" } as const;
  const back = { account, user: {} };
  expect(await whereLinkLeads(back, true, link)).toBe("/account/security?connected=taken");
  expect(await whereLinkLeads(back, false, link)).toBeNull();
  const ticket = { account: { ...account, provider: "credentials" }, user: {} };
  expect(await whereLinkLeads(ticket, true, link)).toBeNull();
  expect(await whereLinkLeads({ user: {} }, true, link)).toBeNull();
  expect(link).toHaveBeenCalledTimes(1);
});
