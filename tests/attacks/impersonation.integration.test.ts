import { beforeAll, expect, test } from "vitest";
import { PROBLEM_CODES } from "@/app/api/problem-codes";
import { PERMISSIONS } from "@/app/permissions";
import { listOwnActivity } from "@/lib/audit-log/own-activity";
import { listOwnSecurityEvents } from "@/lib/audit-log/own-security-events";
import { AccessDenied } from "@/lib/authz/authorize";
import { RefusedAtGate } from "@/lib/authz/refuse-at-gate";
import { endOverImpersonations, stopImpersonation } from "@/lib/impersonation/end-impersonation";
import { listOwnOrganizations } from "@/lib/organizations/find-organizations";
import { prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";
import { findPrincipal, findUserOfSession } from "@/lib/sessions/current-principal";
import { resumeSession } from "@/lib/sessions/resume-session";
import { listOwnSessions } from "@/lib/sessions/revoke-sessions";
import { switchOrganization } from "@/lib/sessions/switch-organization";
import { AAL1, AssuranceInsufficient, requireAssurance } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { PASSIVE_HEADER } from "@/lib/shared/passive-request";
import { makeSubjects, type Subjects } from "@/tests/inventory/subjects";
import { addressOf, ENDPOINT_SURFACES } from "@/tests/inventory/surfaces";
import { send } from "@/tests/support/api";
import { aClient, serveMachinePaths } from "@/tests/support/authorization-server";
import { anInstance, aRequest, aSession, aUser, callerWith } from "@/tests/support/builders";
import { codeFlow } from "@/tests/support/code-flow";
import {
  actingAs,
  aProvenCaller,
  impersonate,
  presentPrincipal,
} from "@/tests/support/impersonation";
import { mailsTo } from "@/tests/support/mailbox";
import { anOrganization, aSessionIn, join } from "@/tests/support/organizations";
import { aPolicy } from "@/tests/support/policies";
import { race } from "@/tests/support/race";
import { aPkce, authorizationUrl, Browser, CALLBACK } from "@/tests/support/relying-party";
import { aRole, aUserHolding, give } from "@/tests/support/roles";

// Whoever acts as somebody else does so openly, briefly and below themselves (F101, ATK-42, ATK-46).

const machine = serveMachinePaths();
let admin: Caller & { cookie: string };
let subjects: Subjects;

beforeAll(async () => {
  await anInstance();
  subjects = await makeSubjects(pool());
  admin = await aProvenCaller();
}, 60_000);

const endedEvents = (userId: string) =>
  prisma().auditEvent.findMany({
    where: { action: "user.impersonation_ended", targetId: userId },
  });
const sessionRow = async (cookie: string) => {
  const principal = await presentPrincipal(cookie);
  return prisma().session.findUniqueOrThrow({ where: { id: principal?.session.id ?? "" } });
};

test("somebody acts as a user by a session of its own, that names them, why and until when (F101)", async () => {
  const user = await aUser();
  const before = Date.now();
  const cookie = await actingAs(admin, user.id);
  const principal = await presentPrincipal(cookie);
  expect(principal).toMatchObject({
    userId: user.id,
    organizationId: admin.principal.organizationId,
    act: {
      userId: admin.principal.userId,
      email: admin.principal.email,
      sessionId: admin.principal.session.id,
      reason: "A question about their invoice",
    },
    session: { acr: AAL1, amr: [] },
  });
  const until = Number(principal?.act?.until);
  expect(until - before).toBeGreaterThan(14 * 60_000);
  expect(until - before).toBeLessThan(16 * 60_000);
  // It is neither a place nor a browser that the user would be known by.
  expect(await sessionRow(cookie)).toMatchObject({ ip: null, userAgent: null, deviceId: null });
  const me = await send(cookie, "GET", "/api/v1/me");
  expect(me.body).toMatchObject({
    id: user.id,
    session: { act: { id: admin.principal.userId, reason: "A question about their invoice" } },
  });
  expect((await send(admin.cookie, "GET", "/api/v1/me")).body.session.act).toBeNull();
});

test("no use moves the end of it, and the database keeps none that is longer than an hour", async () => {
  const cookie = await actingAs(admin, (await aUser()).id);
  const { id, absoluteExpiresAt } = await sessionRow(cookie);
  await prisma().session.update({ where: { id }, data: { lastSeenAt: new Date(0) } });
  await presentPrincipal(cookie);
  const now = await sessionRow(cookie);
  expect([now.absoluteExpiresAt, now.idleExpiresAt]).toEqual([
    absoluteExpiresAt,
    absoluteExpiresAt,
  ]);
  const longer = new Date(Date.now() + 3 * 3_600_000);
  await expect(
    prisma().session.update({ where: { id }, data: { absoluteExpiresAt: longer } }),
  ).rejects.toThrow(/sessions_impersonation/);
  const asked = await impersonate(admin, (await aUser()).id, 10_000);
  if (asked.outcome !== "started") throw new Error(asked.outcome);
  expect(Number(asked.until) - Date.now()).toBeLessThanOrEqual(60 * 60_000);
});

test("what nobody asked for by hand keeps the administrator's own session from ending as little as any (NIST-16)", async () => {
  const acting = await aProvenCaller();
  const cookie = await actingAs(acting, (await aUser()).id);
  const { id } = acting.principal.session;
  const lastSeenAt = new Date(Date.now() - 600_000);
  const seen = async () =>
    Number((await prisma().session.findUniqueOrThrow({ where: { id } })).lastSeenAt);
  await prisma().session.update({ where: { id }, data: { lastSeenAt } });
  const passive = { [PASSIVE_HEADER]: "1" };
  expect((await send(cookie, "GET", "/api/v1/me", undefined, passive)).status).toBe(200);
  expect(await seen()).toBe(Number(lastSeenAt));
  expect((await send(cookie, "GET", "/api/v1/me")).status).toBe(200);
  expect(await seen()).toBeGreaterThan(Number(lastSeenAt));
});

test("it takes the permission, a second factor, and a proof of the last minutes", async () => {
  const user = await aUser();
  const without = await aProvenCaller(
    aUserHolding(
      Object.fromEntries(
        PERMISSIONS.filter(({ key }) => key !== "impersonate_users").map(({ key }) => [
          key,
          "all" as const,
        ]),
      ),
    ),
  );
  await expect(impersonate(without, user.id)).rejects.toBeInstanceOf(AccessDenied);
  const weak = await callerWith(await aSession((await aUser({ roles: ["Admin"] })).id));
  await expect(impersonate(weak, user.id)).rejects.toBeInstanceOf(AssuranceInsufficient);
  const stale = await aProvenCaller();
  const authTime = new Date(Date.now() - 11 * 60_000);
  await prisma().session.updateMany({
    where: { userId: stale.principal.userId },
    data: { authTime },
  });
  await expect(impersonate(await callerWith(stale.cookie), user.id)).rejects.toBeInstanceOf(
    AssuranceInsufficient,
  );
  expect(await prisma().session.count({ where: { userId: user.id } })).toBe(0);
});

test("nobody acts as themselves, as a user who is not active, or as one of another organization", async () => {
  expect(await impersonate(admin, admin.principal.userId)).toMatchObject({ reason: "self" });
  for (const status of ["disabled", "pending"] as const) {
    const { id } = await aUser({ status });
    expect(await impersonate(admin, id)).toMatchObject({ reason: "not-active" });
  }
  const elsewhere = await anOrganization();
  const outsider = await aUser();
  await prisma().membership.deleteMany({ where: { userId: outsider.id } });
  await join(outsider.id, elsewhere.id);
  expect(await impersonate(admin, outsider.id)).toEqual({ outcome: "not-found" });
  const { service } = subjects;
  expect(await impersonate(admin, service)).toEqual({ outcome: "not-found" });
});

test("nobody acts as somebody who holds more, or who administers anything, anywhere (ATK-42)", async () => {
  const delegate = await aProvenCaller(
    aUserHolding({ impersonate_users: "all", view_users: "all", view_invoice: "own" }),
  );
  const more = await aUserHolding({ view_invoice: "all" });
  expect(await impersonate(delegate, more.id)).toMatchObject({
    reason: "beyond-own-permissions",
    missing: ["view_invoice"],
  });
  const equal = await aUserHolding({ view_invoice: "own" });
  expect(await impersonate(delegate, equal.id)).toMatchObject({ outcome: "started" });

  for (const { key } of PERMISSIONS.filter(({ administrative }) => administrative)) {
    const target = await aUserHolding({ [key]: "all" });
    const refused = await impersonate(admin, target.id);
    expect(refused, key).toMatchObject({ reason: "administrator" });
    if (!("decisionId" in refused)) throw new Error(key);
    expect(await prisma().decisionTrace.count({ where: { id: refused.decisionId } }), key).toBe(1);
  }
  // In another organization as well: whoever runs that one is nobody's to be.
  const elsewhere = await anOrganization();
  const target = await aUser();
  await join(target.id, elsewhere.id);
  await give(target.id, await aRole({ manage_users: "all" }), { organizationId: elsewhere.id });
  expect(await impersonate(admin, target.id)).toMatchObject({ reason: "administrator" });
  // And whoever a policy alone lets administer.
  const byPolicy = await aUser();
  await aPolicy(["view_audit_log"], {
    effect: "allow",
    condition: { kind: "user", ids: [byPolicy.id] },
  });
  expect(await impersonate(admin, byPolicy.id)).toMatchObject({ reason: "administrator" });
}, 60_000);

test("nobody acts as somebody to get past what a policy denies or hides from them alone (ATK-42)", async () => {
  const support = await aRole({ impersonate_users: "all", view_users: "all", view_invoice: "all" });
  const ofSupport = { kind: "role", ids: [support] };
  const paid = { kind: "field", field: "status", operator: "equals", value: "paid" };
  const denials: [string, Parameters<typeof aPolicy>[1], boolean][] = [
    ["hides the amount from support", { fields: ["amount"], condition: ofSupport }, true],
    [
      "denies support what is paid",
      { condition: { kind: "all", conditions: [ofSupport, paid] } },
      true,
    ],
    [
      "denies all but managers what is paid",
      { condition: { kind: "all", conditions: [{ kind: "not", condition: ofSupport }, paid] } },
      false,
    ],
    ["hides the amount from everybody", { fields: ["amount"] }, false],
    ["denies everybody what is paid", { condition: paid }, false],
    ["denies everybody their own", { condition: { kind: "own" } }, false],
  ];
  for (const [what, denial, evades] of denials) {
    const acting = await aProvenCaller(aUser({ roles: [] }));
    await give(acting.principal.userId, support);
    const [asked, running] = [
      await aUserHolding({ view_invoice: "all" }),
      await aUserHolding({ view_invoice: "all" }),
    ];
    const cookie = await actingAs(await callerWith(acting.cookie), running.id);
    const policy = await aPolicy(["view_invoice"], denial);
    expect((await presentPrincipal(cookie)) === null, what).toBe(evades);
    const result = await impersonate(await callerWith(acting.cookie), asked.id);
    if (evades) {
      expect(result, what).toMatchObject({
        reason: "beyond-own-permissions",
        missing: ["view_invoice"],
        decisionId: expect.any(String),
      });
    } else expect(result.outcome, what).toBe("started");
    await prisma().policy.update({ where: { id: policy }, data: { activeNumber: null } });
  }
}, 60_000);

test("it is never nested, and nothing that knows only users' own sessions takes it for one", async () => {
  const cookie = await actingAs(admin, (await aUser()).id);
  const principal = await presentPrincipal(cookie);
  if (principal === null) throw new Error("it is over");
  const acting = { principal, request: aRequest() };
  await expect(impersonate(acting, (await aUser()).id)).rejects.toBeInstanceOf(RefusedAtGate);
  expect(() => requireAssurance(principal, {})).toThrow(AssuranceInsufficient);
  expect(await findPrincipal(cookie)).toBeNull();
  expect(await findUserOfSession(principal.session.id)).toBeNull();
  expect(await resumeSession(cookie, aRequest())).toBeNull();
  const elsewhere = await anOrganization();
  await join(principal.userId, elsewhere.id);
  expect(await switchOrganization(acting, cookie, elsewhere.id)).toEqual({ outcome: "not-found" });
  // All of it left the session as it was.
  expect(await presentPrincipal(cookie)).not.toBeNull();
});

test("no code and no token comes of it, and an app finds nobody signed in", async () => {
  const web = await aClient({ name: "Shop", kind: "web", redirectUris: [CALLBACK] });
  const flow = codeFlow(machine, () => web);
  const user = await aUser();
  await flow.aCode(await aSession(user.id));
  const cookie = await actingAs(admin, user.id);
  const silent = await flow.request(cookie, { prompt: "none" });
  expect([silent.end.searchParams.get("error"), silent.code]).toEqual(["login_required", ""]);
  // What an app asks of a person leads to a page of ours, which is left to the user.
  const asked = await new Browser(machine, cookie).get(authorizationUrl(web.clientId, aPkce()));
  expect(asked.headers.get("location")).toMatch(/^\S*\/interaction\//);
});

test("of every endpoint, those of the product answer whoever acts as somebody else, and all others 403 (F101)", async () => {
  const cookie = await actingAs(admin, (await aUser()).id);
  expect(PROBLEM_CODES.impersonated_session[0]).toBe(403);
  let refused = 0;
  for (const [name, surface] of Object.entries(ENDPOINT_SURFACES)) {
    if (surface.access === "anonymous") continue;
    const [method = "GET"] = name.split(" ");
    const path = addressOf(name, surface.params?.(subjects), surface.query?.(subjects));
    const answer = await send(cookie, method, path, surface.body?.(subjects), surface.headers);
    if (surface.impersonated) {
      expect(answer.body?.code, name).not.toBe("impersonated_session");
      continue;
    }
    refused += 1;
    expect(answer.body, name).toMatchObject({
      status: 403,
      code: "impersonated_session",
      decisionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  }
  expect(refused).toBeGreaterThan(100);
}, 60_000);

test("what is done in it names both, in the log of everybody and in the user's own", async () => {
  const user = await aUser({ roles: ["Manager"] });
  const cookie = await actingAs(admin, user.id);
  const invoice = { customer: "Northwind", amount: 1200, currency: "EUR" };
  expect((await send(cookie, "POST", "/api/v1/invoices", invoice)).status).toBe(201);
  await send(cookie, "GET", "/api/v1/users");
  const principal = await presentPrincipal(cookie);
  const ofSession = { sessionId: principal?.session.id ?? "" };
  const events = await prisma().auditEvent.findMany({ where: ofSession });
  expect(events.map(({ action }) => action).sort()).toEqual([
    "authorization.denied",
    "invoice.created",
  ]);
  for (const { actorId, subjectId } of events) {
    expect([actorId, subjectId]).toEqual([admin.principal.userId, user.id]);
  }
  const { body } = await send(admin.cookie, "GET", "/api/v1/audit-events?action=invoice.created");
  expect(body.items[0]).toMatchObject({
    actor: { name: admin.principal.email },
    subject: { name: user.email },
  });
  await stopImpersonation(cookie, aRequest());
  const own = await callerWith(await aSession(user.id));
  const activity = await listOwnActivity(own, { limit: 20 });
  if (activity.outcome !== "listed") throw new Error(activity.outcome);
  expect(activity.events.map(({ action }) => action)).toEqual(
    expect.arrayContaining(["user.impersonation_started", "user.impersonation_ended"]),
  );
});

test("the user is told by mail afterwards, once, why and for how long, and not by whom", async () => {
  const user = await aUser();
  const cookie = await actingAs(admin, user.id);
  expect(await mailsTo(user.email)).toHaveLength(0);
  await race(20, () => stopImpersonation(cookie, aRequest()));
  expect(await presentPrincipal(cookie)).toBeNull();
  const [mail, ...more] = await mailsTo(user.email);
  expect(more).toEqual([]);
  expect(mail?.text).toContain("A question about their invoice");
  expect(mail?.text).not.toContain(admin.principal.email);
  const ended = await endedEvents(user.id);
  expect(ended.map(({ actorId, reason }) => [actorId, reason])).toEqual([
    [admin.principal.userId, "stopped"],
  ]);
});

test("whoever signs out while acting as somebody ends that, and none of the user's own sessions", async () => {
  const user = await aUser();
  const own = await aSession(user.id);
  const cookie = await actingAs(admin, user.id);
  expect((await send(cookie, "POST", "/api/v1/auth/logout")).status).toBe(204);
  expect(await presentPrincipal(cookie)).toBeNull();
  expect(await presentPrincipal(own)).not.toBeNull();
  expect(await endedEvents(user.id)).toHaveLength(1);
});

test("acting as a user shows nothing of other organizations that the user is in (ATK-43)", async () => {
  const user = await aUser();
  const [here, elsewhere] = [admin.principal.organizationId, await anOrganization()];
  await join(user.id, elsewhere.id);
  const there = await callerWith(await aSessionIn(user.id, elsewhere.id));
  await callerWith(await aSession(user.id));
  const principal = await presentPrincipal(await actingAs(admin, user.id));
  if (principal === null) throw new Error("it is over");
  const seenBy = async (caller: Caller) => {
    const activity = await listOwnActivity(caller, { limit: 20 });
    if (activity.outcome !== "listed") throw new Error(activity.outcome);
    return {
      organizations: (await listOwnOrganizations(caller)).map(({ id }) => id),
      sessions: (await listOwnSessions(caller)).map(({ id }) => id),
      activity: activity.events.map(({ id }) => id),
      events: (await listOwnSecurityEvents(caller, 20)).map(({ id }) => id),
    };
  };
  const [acting, own] = [await seenBy({ principal, request: aRequest() }), await seenBy(there)];
  const event = await prisma().auditEvent.findFirstOrThrow({
    where: { action: "session.created", organizationId: elsewhere.id },
  });
  expect(own.organizations).toEqual(expect.arrayContaining([here, elsewhere.id]));
  expect(acting.organizations).toEqual([here]);
  expect(own.sessions).toContain(there.principal.session.id);
  expect(acting.sessions).not.toContain(there.principal.session.id);
  expect(acting.sessions).toHaveLength(2);
  for (const list of ["activity", "events"] as const) {
    expect(own[list]).toContain(event.id);
    expect(acting[list]).not.toContain(event.id);
    expect(acting[list].length).toBeGreaterThan(0);
  }
});

/** What ends it at the next request, whoever did it. */
const WITHDRAWALS: Record<string, (acting: Caller, userId: string) => Promise<unknown>> = {
  "the administrator is disabled": ({ principal }) =>
    prisma().user.update({ where: { id: principal.userId }, data: { status: "disabled" } }),
  "the administrator is deleted": ({ principal }) =>
    prisma().user.delete({ where: { id: principal.userId } }),
  "the administrator's session is revoked": ({ principal }) =>
    prisma().session.update({
      where: { id: principal.session.id },
      data: { revokedAt: new Date(), revokedReason: "revoked_by_administrator" },
    }),
  "the administrator loses the permission": ({ principal }) =>
    prisma().userRole.deleteMany({ where: { userId: principal.userId } }),
  "the administrator leaves the organization": ({ principal }) =>
    prisma().membership.deleteMany({ where: { userId: principal.userId } }),
  "a policy denies it": ({ principal }) =>
    aPolicy(["impersonate_users"], { condition: { kind: "user", ids: [principal.userId] } }),
  "the user comes to administer": async (_, userId) =>
    give(userId, await aRole({ manage_users: "all" })),
  "the user is disabled": (_, userId) =>
    prisma().user.update({ where: { id: userId }, data: { status: "disabled" } }),
  "the user ends every session of theirs": (_, userId) =>
    prisma().session.updateMany({ where: { userId }, data: { revokedAt: new Date() } }),
};

test.each(Object.entries(WITHDRAWALS))(
  "it ends at once when %s, on record and told (ATK-44)",
  async (_, withdraw) => {
    const acting = await aProvenCaller();
    const user = await aUser();
    const cookie = await actingAs(acting, user.id);
    expect((await send(cookie, "GET", "/api/v1/me")).status).toBe(200);
    await withdraw(acting, user.id);
    expect((await send(cookie, "GET", "/api/v1/me")).status).toBe(401);
    await endOverImpersonations();
    expect(await endedEvents(user.id)).toHaveLength(1);
    expect(await mailsTo(user.email)).toHaveLength(1);
    await endOverImpersonations();
    expect(await mailsTo(user.email)).toHaveLength(1);
  },
);

test("one that is over by its time is ended on record by the program itself", async () => {
  const user = await aUser();
  const cookie = await actingAs(admin, user.id);
  const { id } = await sessionRow(cookie);
  const past = new Date(Date.now() - 1000);
  await prisma().session.update({
    where: { id },
    data: { absoluteExpiresAt: past, idleExpiresAt: past },
  });
  expect(await presentPrincipal(cookie)).toBeNull();
  await race(10, () => endOverImpersonations());
  const ended = await endedEvents(user.id);
  expect(ended.map(({ actorType, reason }) => [actorType, reason])).toEqual([
    ["system", "time_over"],
  ]);
});

test("of many that begin at once from one session, one goes on", async () => {
  const acting = await aProvenCaller();
  const users = await Promise.all([aUser(), aUser()]);
  const results = await race(12, (index) => impersonate(acting, users[index % 2]?.id ?? ""));
  expect(results.every(({ outcome }) => outcome === "started")).toBe(true);
  const live = await prisma().session.findMany({
    where: { impersonatorSessionId: acting.principal.session.id, revokedAt: null },
  });
  expect(live).toHaveLength(1);
  const ended = await prisma().auditEvent.count({
    where: { action: "user.impersonation_ended", actorId: acting.principal.userId },
  });
  expect(ended).toBe(11);
}, 60_000);

test("a session that ends while somebody begins by it leaves nobody acting", async () => {
  const acting = await aProvenCaller();
  const user = await aUser();
  await prisma().session.updateMany({
    where: { id: acting.principal.session.id },
    data: { revokedAt: new Date() },
  });
  expect(await impersonate(acting, user.id)).toMatchObject({ reason: "session-ended" });
  expect(await prisma().session.count({ where: { userId: user.id } })).toBe(0);
});
