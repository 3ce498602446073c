import { beforeAll, expect, test } from "vitest";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { can } from "@/lib/authz/decide";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { issueFirstPartyTokens, refreshFirstPartyTokens } from "@/lib/oidc/first-party";
import { hashSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { findPrincipal, findPrincipalOfSession } from "@/lib/sessions/current-principal";
import { switchOrganization } from "@/lib/sessions/switch-organization";
import { AAL1 } from "@/lib/shared/assurance";
import { aCaller, aRequest, aSession, aUser, callerWith } from "@/tests/support/builders";
import { callApi } from "@/tests/support/call-api";
import { anOrganization, join } from "@/tests/support/organizations";
import { race } from "@/tests/support/race";
import { aRole, eventsOf, give } from "@/tests/support/roles";
import { aTicket } from "@/tests/support/tickets";

beforeAll(async () => {
  await aCaller({ roles: ["Admin"] });
});

/** Somebody of two organizations, signed in to the default one. */
async function aCommuter() {
  const user = await aUser({ roles: [] });
  const { id: other } = await anOrganization("Second");
  await join(user.id, other);
  const cookie = await aSession(user.id);
  return { user, other, cookie, caller: await callerWith(cookie) };
}

test("a session goes on in another organization with the roles of there, from the next request (F81)", async () => {
  const { user, other, cookie, caller } = await aCommuter();
  await give(user.id, await aRole({ view_invoice: "all" }), { organizationId: other });
  expect(await can(caller, INVOICE_PERMISSIONS.view)).toBe(false);
  const switched = await switchOrganization(caller, cookie, other);
  if (switched.outcome !== "switched") throw new Error(switched.outcome);
  const after = await findPrincipal(switched.sessionSecret);
  expect(after).toMatchObject({ userId: user.id, organizationId: other });
  expect(after && (await can({ ...caller, principal: after }, INVOICE_PERMISSIONS.view))).toBe(
    true,
  );
  expect(await findPrincipal(cookie)).toBeNull();
  expect(await eventsOf(caller)).toMatchObject([
    {
      action: "session.organization_switched",
      before: { sessionId: caller.principal.session.id },
      after: { organizationId: other, sessionId: after?.session.id },
    },
  ]);
});

test("it proves nothing: class, last proof, age and end stay as they were", async () => {
  const { cookie, other, caller } = await aCommuter();
  const of = (secret: string) =>
    prisma().session.findUniqueOrThrow({
      where: { tokenHash: hashSecret(secret) },
      omit: {
        id: true,
        tokenHash: true,
        organizationId: true,
        revokedAt: true,
        revokedReason: true,
        lastSeenAt: true,
      },
    });
  const before = await of(cookie);
  const switched = await switchOrganization(caller, cookie, other);
  if (switched.outcome !== "switched") throw new Error(switched.outcome);
  expect(await of(switched.sessionSecret)).toEqual(before);
});

test("nobody switches to where they are no member, nor with a session that has ended (ATK-43)", async () => {
  const { user, cookie, other, caller } = await aCommuter();
  const { id: foreign } = await anOrganization();
  for (const target of [foreign, newId(), "no id"]) {
    expect(await switchOrganization(caller, cookie, target)).toEqual({ outcome: "not-found" });
  }
  expect(await switchOrganization(caller, cookie, caller.principal.organizationId)).toEqual({
    outcome: "same",
  });
  await prisma().membership.deleteMany({ where: { userId: user.id, organizationId: other } });
  expect(await switchOrganization(caller, cookie, other)).toEqual({ outcome: "not-found" });
  await join(user.id, other);
  await prisma().session.updateMany({
    where: { userId: user.id },
    data: { revokedAt: new Date() },
  });
  expect(await switchOrganization(caller, cookie, other)).toEqual({ outcome: "not-found" });
  expect(await switchOrganization(caller, undefined, other)).toEqual({ outcome: "not-found" });
});

test("a session that is too old for the rules of the other organization is not taken there", async () => {
  const { cookie, other, caller } = await aCommuter();
  await prisma().signInPolicy.create({ data: { organizationId: other, sessionLevel: "aal3" } });
  await prisma().session.updateMany({
    where: { tokenHash: hashSecret(cookie) },
    data: { createdAt: new Date(Date.now() - 13 * 3_600_000) },
  });
  expect(await switchOrganization(caller, cookie, other)).toEqual({ outcome: "not-found" });
});

test("a session is not taken to where it would open nothing, by its hours or its network, and goes on", async () => {
  const { user, cookie, other, caller } = await aCommuter();
  const alive = () => prisma().session.count({ where: { userId: user.id, revokedAt: null } });
  const rules = { organizationId: other };
  await prisma().signInPolicy.create({ data: { ...rules, sessionHoursMax: 2 } });
  const agedBy = (hours: number) =>
    prisma().session.updateMany({
      where: { tokenHash: hashSecret(cookie) },
      data: { createdAt: new Date(Date.now() - hours * 3_600_000) },
    });
  await agedBy(3);
  expect(await switchOrganization(caller, cookie, other)).toEqual({ outcome: "not-found" });
  expect(await findPrincipal(cookie)).not.toBeNull();
  await agedBy(1);
  await prisma().signInPolicy.update({ where: rules, data: { networks: ["192.0.2.0/24"] } });
  const from = (ip: string | null) => ({ ...caller, request: { ...caller.request, ip } });
  for (const ip of ["198.51.100.7", null]) {
    expect(await switchOrganization(from(ip), cookie, other)).toEqual({ outcome: "not-found" });
  }
  expect(await findPrincipal(cookie)).not.toBeNull();
  expect(await alive()).toBe(1);
  const switched = await switchOrganization(from("192.0.2.9"), cookie, other);
  expect(switched.outcome).toBe("switched");
});

test("of fifty that switch at once one does, and one session is alive (DEC-1)", async () => {
  const { user, cookie, other, caller } = await aCommuter();
  const results = await race(50, () => switchOrganization(caller, cookie, other));
  expect(results.filter(({ outcome }) => outcome === "switched")).toHaveLength(1);
  expect(await prisma().session.count({ where: { userId: user.id, revokedAt: null } })).toBe(1);
});

test("a token of the former organization gains nothing in the other: it is dead (ATK-43)", async () => {
  const { user, cookie, other, caller } = await aCommuter();
  const { session } = caller.principal;
  const tokens = await issueFirstPartyTokens(user.id, session.id);
  const ask = () =>
    callApi({
      method: "GET",
      path: "/api/v1/me",
      origin: null,
      headers: { authorization: `Bearer ${tokens.accessToken}` },
    });
  expect((await ask()).status).toBe(200);
  expect((await switchOrganization(caller, cookie, other)).outcome).toBe("switched");
  expect((await ask()).status).toBe(401);
  expect(await findPrincipalOfSession(session.id, user.id, null)).toBeNull();
  expect((await refreshFirstPartyTokens(tokens.refreshToken, aRequest())).outcome).toBe("refused");
});

test("the provider's session stays with the one that goes on", async () => {
  const { cookie, other, caller } = await aCommuter();
  const upstream = await prisma().upstreamSession.create({
    data: {
      id: newId(),
      sessionId: caller.principal.session.id,
      provider: "google",
      subject: "subject",
      idToken: Buffer.from("sealed"),
    },
  });
  const switched = await switchOrganization(caller, cookie, other);
  if (switched.outcome !== "switched") throw new Error(switched.outcome);
  const after = await findPrincipal(switched.sessionSecret);
  const kept = await prisma().upstreamSession.findUnique({ where: { id: upstream.id } });
  expect(kept?.sessionId).toBe(after?.session.id);
});

test("a sign-in opens the organization that was used last, and at first the one joined first", async () => {
  const user = await aUser({ roles: [] });
  const { id: other } = await anOrganization();
  await join(user.id, other);
  const signIn = async () => {
    const ticket = { userId: user.id, acr: AAL1, amr: ["pwd"] };
    const browser = { deviceSecret: undefined, sessionSecret: undefined };
    const redeemed = await redeemSignInTicket(await aTicket(ticket), browser, aRequest());
    return callerWith(redeemed?.sessionSecret ?? "").then((caller) => ({
      caller,
      cookie: redeemed?.sessionSecret,
    }));
  };
  const first = await signIn();
  expect(first.caller.principal.organizationId).not.toBe(other);
  await switchOrganization(first.caller, first.cookie, other);
  expect((await signIn()).caller.principal.organizationId).toBe(other);
  await prisma().membership.deleteMany({ where: { userId: user.id, organizationId: other } });
  expect((await signIn()).caller.principal.organizationId).toBe(
    first.caller.principal.organizationId,
  );
});
