import type { Account } from "next-auth";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openedSession } from "@/lib/authn/auth-js-rules";
import { purgeAuthn } from "@/lib/authn/purge-authn";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { signOut } from "@/lib/authn/sign-out";
import type { Asked } from "@/lib/federation/connections";
import { deleteConnection } from "@/lib/federation/delete-connection";
import { changeConnection } from "@/lib/federation/manage-connections";
import { findUpstreamSignOut, signOutStateOf } from "@/lib/federation/upstream-sign-out";
import { getConfig } from "@/lib/platform/config";
import { newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { aCaller, anInstance, aRequest, aUser, callerWith } from "@/tests/support/builders";
import { aConnection, askedOf } from "@/tests/support/connections";
import { type IdentityProvider, startIdentityProvider } from "@/tests/support/identity-provider";
import { anIdToken, useProvider } from "@/tests/support/upstream";

type Row = Awaited<ReturnType<typeof aConnection>>;

let provider: IdentityProvider;

beforeAll(async () => {
  await anInstance();
  provider = await startIdentityProvider();
  useProvider(provider.url);
});
afterAll(() => provider.stop());

/** Signed in with an id token of this provider. */
async function cameFrom(
  account: Partial<Account> = {},
  connection: Asked["connection"] = null,
): Promise<{ caller: Caller; idToken: string }> {
  const { id } = await aUser();
  const idToken = await anIdToken(provider.url, { sub: newId() });
  const identity = { provider: "google", providerAccountId: newId(), type: "oidc", ...account };
  await prisma().account.create({
    data: {
      userId: id,
      type: "oidc",
      provider: identity.provider,
      providerAccountId: identity.providerAccountId,
    },
  });
  const opened = await openedSession(
    { id },
    { ...identity, id_token: idToken, ...account } as Account,
    (ticket) =>
      redeemSignInTicket(ticket, { deviceSecret: undefined, sessionSecret: undefined }, aRequest()),
    undefined,
    connection,
  );
  const cookie = (opened as { sessionSecret: string } | null)?.sessionSecret ?? "";
  return { caller: await callerWith(cookie), idToken };
}

const sessionsKept = (caller: Caller) =>
  prisma().upstreamSession.count({ where: { sessionId: caller.principal.session.id } });

test("who came from a provider can sign out there, too, and is sent back here and nowhere else (F74)", async () => {
  const { caller, idToken } = await cameFrom();
  const secret = await signOut(caller);
  expect(
    (await prisma().session.findUnique({ where: { id: caller.principal.session.id } }))
      ?.revokedReason,
  ).toBe("signed_out");
  const upstream = await findUpstreamSignOut(secret);
  expect(upstream?.providerName).toBe("Google");
  const address = new URL(upstream?.address ?? "");
  expect(address.origin + address.pathname).toBe(`${provider.url}/logout`);
  expect(Object.fromEntries(address.searchParams)).toEqual({
    id_token_hint: idToken,
    client_id: getConfig().google?.id,
    post_logout_redirect_uri: new URL("/signed-out", getConfig().appUrl).href,
    state: signOutStateOf(secret ?? ""),
  });
  expect(address.href).not.toContain(secret);
});

test("an id token is stored sealed, and gone with the session that came of it (F74)", async () => {
  const { caller, idToken } = await cameFrom();
  const sessionId = caller.principal.session.id;
  const row = await prisma().upstreamSession.findUniqueOrThrow({ where: { sessionId } });
  const stored = Buffer.from(row.idToken).toString("latin1");
  for (const part of idToken.split(".")) expect(stored).not.toContain(part);
  await prisma().session.update({ where: { id: sessionId }, data: { revokedAt: new Date() } });
  expect(await prisma().upstreamSession.count({ where: { id: row.id } })).toBe(0);
});

test("who came from nowhere, or from what knows no sign-out, just signs out here", async () => {
  const local = await aCaller();
  expect(await signOut(local)).toBeNull();
  const { caller } = await cameFrom({ provider: "github", id_token: undefined });
  expect(await sessionsKept(caller)).toBe(0);
  expect(await signOut(caller)).toBeNull();
});

test("a provider that is down, or not set up any more, keeps nobody from signing out", async () => {
  const { caller } = await cameFrom();
  useProvider("http://127.0.0.1:9");
  expect(await signOut(caller)).toBeNull();
  const other = await cameFrom();
  Object.assign(getConfig(), { google: null });
  expect(await signOut(other.caller)).toBeNull();
  useProvider(provider.url);
  for (const { principal } of [caller, other.caller]) {
    const session = await prisma().session.findUnique({ where: { id: principal.session.id } });
    expect(session?.revokedAt).not.toBeNull();
  }
});

test("where to sign out is told to the browser that did so here, for ten minutes", async () => {
  const secret = await signOut((await cameFrom()).caller);
  for (const nonsense of [undefined, "", "x", newSecret(), signOutStateOf(secret ?? "")]) {
    expect(await findUpstreamSignOut(nonsense)).toBeNull();
  }
  expect(await findUpstreamSignOut(secret)).not.toBeNull();
  await prisma().upstreamSession.updateMany({
    data: { signOutUntil: new Date(Date.now() - 1_000) },
  });
  expect(await findUpstreamSignOut(secret)).toBeNull();
});

test("a token that no key opens any more is left out: the provider asks instead", async () => {
  const secret = await signOut((await cameFrom()).caller);
  await prisma().upstreamSession.updateMany({
    where: { signOutUntil: { not: null } },
    data: { idToken: Buffer.from("of another key, or moved from another row") },
  });
  const address = new URL((await findUpstreamSignOut(secret))?.address ?? "");
  expect(address.searchParams.has("id_token_hint")).toBe(false);
  expect(address.searchParams.get("client_id")).toBe(getConfig().google?.id);
});

test("what nobody holds any more is purged, and what a session or a sign-out holds is kept", async () => {
  await purgeAuthn();
  const live = await cameFrom();
  const expired = await cameFrom();
  const leaving = await signOut((await cameFrom()).caller);
  await prisma().session.update({
    where: { id: expired.caller.principal.session.id },
    data: { idleExpiresAt: new Date(Date.now() - 1_000) },
  });
  expect(await purgeAuthn()).toBe(0);
  await prisma().upstreamSession.updateMany({
    data: { createdAt: new Date(Date.now() - 2 * 3_600_000) },
  });
  await purgeAuthn();
  expect(await sessionsKept(live.caller)).toBe(1);
  expect(await sessionsKept(expired.caller)).toBe(0);
  expect(await findUpstreamSignOut(leaving)).not.toBeNull();
});

test.each<[string, (row: Row, issuer: string) => Promise<unknown>]>([
  [
    "its connection is deleted, and there is another of its id",
    async ({ id, slug }, issuer) => {
      await deleteConnection(await aCaller({ roles: ["Admin"] }), id, { confirmed: true });
      await aConnection({ slug, issuer });
    },
  ],
  [
    "its connection has another issuer",
    async ({ id, name, clientId, version }, issuer) => {
      const settings = { name, clientId, scopes: "openid", domains: [], clientSecret: "another" };
      const change = { ...settings, issuer, authMethod: "client_secret_basic" as const };
      const admin = await aCaller({ roles: ["Admin"] });
      const changed = await changeConnection(admin, id, change, version);
      expect(changed.outcome).toBe("changed");
    },
  ],
  // As where what a provider said is kept only after that.
  [
    "an issuer has come in its place",
    ({ id }, issuer) => prisma().connection.update({ where: { id }, data: { issuer } }),
  ],
])("what a provider said of somebody is told to no other once %s (ATK-11)", async (_what, end) => {
  const later = await startIdentityProvider();
  const hosts = [provider, later].map(({ url }) => new URL(url).host);
  Object.assign(getConfig(), { outboundAllowedHosts: hosts });
  const row = await aConnection({ issuer: provider.url });
  const { provider: slug, connection } = askedOf(row);
  const there = async () => (await cameFrom({ provider: slug }, connection)).caller;
  const [left, stays] = [await signOut(await there()), await there()];
  const before = new URL((await findUpstreamSignOut(left))?.address ?? "");
  expect([before.origin, before.searchParams.has("id_token_hint")]).toEqual([provider.url, true]);
  await end(row, later.url);
  expect(await findUpstreamSignOut(left)).toBeNull();
  expect(await findUpstreamSignOut(await signOut(stays))).toBeNull();
  Object.assign(getConfig(), { outboundAllowedHosts: [] });
  await later.stop();
});
