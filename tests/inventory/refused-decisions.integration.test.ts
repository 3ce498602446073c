import { beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { PROBLEM_CODES } from "@/app/api/problem-codes";
import { ENDPOINTS } from "@/app/api/table";
import { replayBeyond } from "@/lib/authz/beyond-trace";
import { replayGate } from "@/lib/authz/gate-trace";
import { readTrace } from "@/lib/authz/stored-trace";
import { replay } from "@/lib/authz/trace";
import { isUndeniable } from "@/lib/authz/undeniable";
import { createToken } from "@/lib/personal-tokens/own-tokens";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";
import { newId } from "@/lib/platform/id";
import { AAL1, AAL2, type Acr } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { makeIntruder } from "@/tests/inventory/crossing";
import { makeSubjects, type Subjects } from "@/tests/inventory/subjects";
import { addressOf, ENDPOINT_SURFACES } from "@/tests/inventory/surfaces";
import { type Answer, send } from "@/tests/support/api";
import { tamper } from "@/tests/support/audit";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { anInstance, aSession, aUser, callerOf, callerWith } from "@/tests/support/builders";
import { actingAs, aProvenCaller } from "@/tests/support/impersonation";
import { aPolicy } from "@/tests/support/policies";
import { aRole, aUserHolding, give } from "@/tests/support/roles";

// Every endpoint is asked by everybody whom something of it refuses. Whatever 403 that gives names a
// decision, whose trace says no again; who was refused reads nothing of what decided (F95).

const machine = serveMachinePaths();
const FOREIGN = "https://evil.example";
const OFFICE = "198.51.100.0/24";
const AT_OFFICE = { "x-forwarded-for": "198.51.100.7" };
const AWAY = { "x-forwarded-for": "203.0.113.9" };
/** Refused by what no sweep brings about; each has a test of its own below. */
const ELSEWHERE = [
  "belongs_elsewhere",
  "own_request",
  "sign_up_closed",
  "terms_not_accepted",
  // Of tests/gateway: the second names no decision, since nobody is asked about anything.
  "not_admitted",
  "untrusted_gateway",
];
/** What no caller is told of. */
const SECRET = "Canary";
/** Who is signed out asks nothing more, so this comes last. */
const LAST = "POST /api/v1/auth/logout";
const NAMES = [...Object.keys(ENDPOINT_SURFACES).filter((name) => name !== LAST), LAST];

/** What says on request what it would do. */
const PREVIEWABLE = new Set(
  ENDPOINTS.flatMap(({ method, path, query }) =>
    query instanceof z.ZodObject && "preview" in query.shape ? [`${method} ${path}`] : [],
  ),
);

type Scopes = ("api:read" | "api:write")[];

interface Situation {
  cookie: string | null;
  headers?: Record<string, string>;
  /** The session of who sees the decisions of where this is refused. */
  reader: string;
  /** Fewer refusals than this would show little. */
  least: number;
}

let subjects: Subjects;
let situations: Record<string, Situation>;
const codes: Record<string, Set<string>> = {};
const refusals: Record<string, number> = {};

beforeAll(async () => {
  await anInstance();
  subjects = await makeSubjects(pool());
  const admin = await aSession((await aUser({ roles: ["Admin"] })).id);
  const roleless = await aUser({ roles: [] });
  const { id: administratorId } = await aUser({ roles: ["Admin"] });
  const outside = await aNetworkBound();
  situations = {
    "no permission": { cookie: await aSession(roleless.id), reader: admin, least: 80 },
    "a policy": { cookie: await aDenied(), reader: admin, least: 80 },
    "another organization": { ...(await anOutsider()), least: 10 },
    "the network": { ...outside, headers: AWAY, least: 100 },
    "another site": {
      cookie: await aSession(administratorId),
      headers: { origin: FOREIGN },
      reader: admin,
      least: 60,
    },
    "a token that only reads": { ...(await byToken(["api:read"])), reader: admin, least: 60 },
    "a token": { ...(await byToken(["api:read", "api:write"])), reader: admin, least: 30 },
    "a service account": { ...(await byService()), reader: admin, least: 80 },
    "a token without a second factor": { ...(await byWeakToken()), least: 100 },
    "single sign-on": { ...(await besideSingleSignOn()), least: 100 },
    "who holds less": { cookie: await aDelegate(), reader: admin, least: 10 },
    "somebody else": { cookie: await anImpersonated(), reader: admin, least: 100 },
    "an account to be deleted": { cookie: await aLeaver(), reader: admin, least: 100 },
    "an expired password": { cookie: await anExpired(), reader: admin, least: 100 },
  };
}, 60_000);

/** Of an organization that asks for a second factor, which its reader has proven. */
async function byWeakToken() {
  const { cookie, organizationId } = await anOutsider();
  const proven = (acr: Acr) =>
    prisma().session.updateMany({ where: { organizationId }, data: { acr } });
  await proven(AAL1);
  const token = await tokenOf(await callerWith(cookie), ["api:read", "api:write"]);
  await prisma().signInPolicy.create({ data: { organizationId, mfaRequired: true } });
  await proven(AAL2);
  return { ...token, reader: cookie };
}

const byToken = async (scopes: Scopes) =>
  tokenOf(await callerOf((await aUser({ roles: ["Admin"] })).id), scopes);

async function tokenOf(author: Caller, scopes: Scopes) {
  const made = await createToken(author, { name: "CI", scopes, lifetimeDays: 30 });
  if (made.outcome !== "created") throw new Error(made.reason);
  return { cookie: null, headers: { authorization: `Bearer ${made.secret}` } };
}

async function byService() {
  const service = await aClient({
    name: "Reports",
    kind: "service",
    scopes: ["api:read", "api:write"],
  });
  const fields = {
    grant_type: "client_credentials",
    resource: `${getConfig().origin}/api/v1`,
    scope: "api:read api:write",
  };
  const headers = { authorization: basic(service.clientId, service.secret) };
  const { body } = await post(machine, "/token", fields, headers);
  return { cookie: null, headers: { authorization: `Bearer ${String(body["access_token"])}` } };
}

/** Has every permission, and a policy that denies each of them. */
async function aDenied(): Promise<string> {
  const { id } = await aUser({ roles: [] });
  const keys = (await prisma().permission.findMany()).map(({ key }) => key);
  const grants = Object.fromEntries(keys.map((key) => [key, "all" as const]));
  await give(id, await aRole(grants, `${SECRET} role`));
  const deniable = keys.filter((key) => !isUndeniable(key));
  const policyId = await aPolicy(deniable, { condition: { kind: "user", ids: [id] } });
  await prisma().policy.update({ where: { id: policyId }, data: { name: `${SECRET} policy` } });
  return aSession(id);
}

/** May administer, and holds nothing of what others do: there is little that is not above them. */
async function aDelegate(): Promise<string> {
  const keys = (await prisma().permission.findMany()).map(({ key }) => key);
  const ofAdministration = keys.filter(
    (key) => !key.endsWith("_invoice") && !key.endsWith("_keys"),
  );
  const grants = Object.fromEntries(ofAdministration.map((key) => [key, "all" as const]));
  return aSession((await aUserHolding(grants)).id);
}

/** May do everything in an organization of their own, which names the objects of another one. */
async function anOutsider() {
  const { cookie, organizationId } = await makeIntruder(pool());
  return { cookie, reader: cookie, organizationId };
}

async function aNetworkBound() {
  const { organizationId, ...outsider } = await anOutsider();
  await prisma().signInPolicy.create({ data: { organizationId, networks: [OFFICE] } });
  return outsider;
}

/** Of an organization that is opened only through its connections; its reader is spared that. */
async function besideSingleSignOn() {
  const { cookie, organizationId } = await anOutsider();
  await prisma().signInPolicy.create({ data: { organizationId, ssoRequired: true } });
  const { id: userId } = await aUser({ roles: ["Admin"] });
  await prisma().membership.create({ data: { userId, organizationId } });
  const reader = await aSession(userId);
  await prisma().session.updateMany({ where: { userId }, data: { organizationId } });
  return { cookie, reader };
}

/** Somebody who administers nothing, as whom an administrator acts. */
const anImpersonated = async (): Promise<string> =>
  actingAs(await aProvenCaller(), (await aUser()).id);

async function aLeaver(): Promise<string> {
  const { id } = await aUser({ roles: ["Admin"] });
  await prisma().user.update({ where: { id }, data: { deletionDueAt: new Date() } });
  return aSession(id);
}

async function anExpired(): Promise<string> {
  const { id: userId } = await aUser({ roles: ["Admin"] });
  const { defaultOrganizationId: organizationId } = await prisma().instance.findFirstOrThrow();
  await prisma().signInPolicy.create({ data: { organizationId, passwordMaxAgeDays: 30 } });
  const changedAt = new Date(Date.now() - 31 * 86_400_000);
  await prisma().passwordCredential.update({ where: { userId }, data: { changedAt } });
  return aSession(userId);
}

const isRefused = (trace: unknown): boolean => {
  const decision = readTrace(trace);
  switch (decision.kind) {
    case "decision":
      return !replay(decision.trace).allowed && !decision.trace.verdict.allowed;
    case "beyond-own":
      return replayBeyond(decision.trace).length > 0;
    case "gate":
      return !replayGate(decision.trace);
    case "unreadable":
      return false;
  }
};

async function expectDecision(told: string, { body }: Answer, reader: string): Promise<void> {
  const decisionId = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;
  expect(body, told).toMatchObject({ status: 403, decisionId });
  const where = { id: body.decisionId, action: "authorization.denied", outcome: "denied" as const };
  expect(await prisma().auditEvent.count({ where }), told).toBe(1);
  const read = await send(
    reader,
    "GET",
    `/api/v1/decisions/${body.decisionId}`,
    undefined,
    AT_OFFICE,
  );
  expect(read.status, `${told} ${JSON.stringify(read.body)}`).toBe(200);
  expect(isRefused(read.body.trace), `${told}: ${JSON.stringify(read.body)}`).toBe(true);
  expect(JSON.stringify(body), told).not.toContain(SECRET);
  expect(JSON.stringify(body), told).not.toContain(OFFICE);
}

test("what decided is for who may see decisions", async () => {
  const cookie = situations["no permission"]?.cookie ?? "";
  const { body } = await send(cookie, "GET", "/api/v1/users");
  const read = await send(cookie, "GET", `/api/v1/decisions/${body.decisionId}`);
  expect(read).toMatchObject({ status: 403, body: { code: "forbidden", reason: "no-grant" } });
  expect(read.body).not.toHaveProperty("trace");
});

test("who answers what they asked for themselves is told a decision, by a preview too", async () => {
  const grants = { approve_access: "all", view_roles: "all" } as const;
  const user = await aUserHolding(grants);
  const cookie = await aSession(user.id);
  const roleId = await aRole({ view_roles: "all" }, `${SECRET} asked ${newId()}`);
  const wish = { roleId, reason: "Mine", durationMinutes: 60 };
  const asked = await send(cookie, "POST", "/api/v1/access-requests", wish);
  expect(asked.status).toBe(201);
  const path = `/api/v1/access-requests/${asked.body.id}`;
  const reader = situations["no permission"]?.reader ?? "";
  for (const answer of [
    await send(cookie, "POST", `${path}/approve`, {}),
    await send(cookie, "POST", `${path}/deny`, {}),
    await send(cookie, "POST", `${path}/approve?preview=true`, {}),
  ]) {
    expect(answer.body.code, JSON.stringify(answer.body)).toBe("own_request");
    await expectDecision("own request", answer, reader);
  }
});

test("who changes an account that is another organization's as well is told a decision, by a preview too", async () => {
  const { cookie, organizationId } = await anOutsider();
  const shared = await aUser({ roles: [] });
  await prisma().membership.create({ data: { userId: shared.id, organizationId } });
  const path = `/api/v1/users/${shared.id}`;
  for (const answer of [
    await send(cookie, "PATCH", path, { name: "Renamed" }),
    await send(cookie, "PATCH", `${path}?preview=true`, { status: "disabled" }),
    await send(cookie, "DELETE", `${path}?preview=true`),
  ]) {
    expect(answer.body.code, JSON.stringify(answer.body)).toBe("belongs_elsewhere");
    await expectDecision("belongs elsewhere", answer, cookie);
  }
});

test("who signs up where nobody may is told a decision, of which a flood keeps few (ATK-75)", async () => {
  const reader = situations["no permission"]?.reader ?? "";
  const before = await prisma().decisionTrace.count();
  vi.resetModules();
  vi.stubEnv("SIGN_UP", "closed");
  const { send: sendClosed } = await import("@/tests/support/api");
  const body = { email: "somebody@example.com", password: "four unlikely words here" };
  const headers = { "x-forwarded-for": "192.0.2.77" };
  const ids = new Set<string>();
  for (let index = 0; index < 70; index += 1) {
    const answer = await sendClosed(null, "POST", "/api/v1/auth/register", body, headers);
    expect(answer.body.code).toBe("sign_up_closed");
    ids.add(answer.body.decisionId);
    await expectDecision("sign-up", answer, reader);
  }
  vi.stubEnv("SIGN_UP", undefined);
  expect(ids.size).toBe(61);
  expect((await prisma().decisionTrace.count()) - before).toBe(61);
  // Nobody was known, so that it is of no organization, and of no administrator of a single one.
  const [id = ""] = ids;
  const foreign = situations["another organization"]?.reader ?? "";
  expect((await send(foreign, "GET", `/api/v1/decisions/${id}`)).status).toBe(404);
});

test("who has not accepted the terms in force is told a decision", async () => {
  const reader = situations["no permission"]?.reader ?? "";
  const { id: userId } = await aUser({ roles: ["Admin"] });
  const cookie = await aSession(userId);
  const version = { id: newId(), document: "terms" as const, number: 1, digest: Buffer.from("d") };
  const terms = { ...version, title: "T", text: "T", effectiveAt: new Date(0) };
  await prisma().termsVersion.create({ data: { ...terms, publishedById: userId } });
  const others = await prisma().user.findMany({ where: { id: { not: userId } } });
  await prisma().termsAcceptance.createMany({
    data: others.map((user) => ({
      userId: user.id,
      versionId: version.id,
      digest: version.digest,
    })),
  });
  for (const path of ["/api/v1/me", "/api/v1/users", "/api/v1/invoices"]) {
    const answer = await send(cookie, "GET", path);
    expect(answer.body.code).toBe("terms_not_accepted");
    await expectDecision("terms", answer, reader);
  }
  await tamper("DELETE FROM terms_acceptances", "DELETE FROM terms_versions");
});

test.each(NAMES)("%s names a decision with every 403", async (name) => {
  const surface = ENDPOINT_SURFACES[name] ?? { access: "anonymous" };
  const [method = "GET"] = name.split(" ");
  const path = addressOf(name, surface.params?.(subjects), surface.query?.(subjects));
  for (const [kind, { cookie, headers, reader }] of Object.entries(situations)) {
    const { origin, ...sent } = { ...surface.headers, ...headers };
    const ask = (at: string) => send(cookie, method, at, surface.body?.(subjects), sent, origin);
    const answer = await ask(path);
    if (answer.status !== 403) continue;
    await expectDecision(`${kind}: ${JSON.stringify(answer.body)}`, answer, reader);
    if (PREVIEWABLE.has(name)) {
      const preview = await ask(`${path}${path.includes("?") ? "&" : "?"}preview=true`);
      expect(preview.body, kind).toMatchObject({ status: 403, code: answer.body.code });
      await expectDecision(`${kind}, previewed`, preview, reader);
    }
    refusals[kind] = (refusals[kind] ?? 0) + 1;
    (codes[kind] ??= new Set()).add(answer.body.code);
  }
});

test("everything that refuses was met, often", () => {
  for (const [kind, { least }] of Object.entries(situations)) {
    expect(refusals[kind] ?? 0, kind).toBeGreaterThan(least);
  }
  const met = [...new Set(Object.values(codes).flatMap((of) => [...of]))].sort();
  const all = Object.entries(PROBLEM_CODES).flatMap(([code, [status]]) =>
    status === 403 ? [code] : [],
  );
  expect(met).toEqual(all.filter((code) => !ELSEWHERE.includes(code)).sort());
});
