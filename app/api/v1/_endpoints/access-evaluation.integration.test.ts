import { beforeAll, describe, expect, test } from "vitest";
import { answerAccessMetadata } from "@/app/api/access-metadata";
import { findDecision } from "@/lib/authz/find-decision";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { answerWebRequest } from "@/lib/platform/http/web-mount";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { type Answer, send } from "@/tests/support/api";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aCaller, aSession, aUser, type TestUser } from "@/tests/support/builders";
import { aPolicy } from "@/tests/support/random-world";
import { aRole, aUserHolding, type Grants } from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";

const machine = serveMachinePaths();

let admin: Caller;
let adminCookie: string;
let service: Service;
let alice: TestUser;
let bob: TestUser;
let invoice: string;

interface Service {
  clientId: string;
  token: string;
  ask(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** A client that acts for itself in an organization, with these roles there and a token. */
async function aService(
  grants: Grants,
  { scopes = ["api:read"], organizationId = admin.principal.organizationId } = {},
): Promise<Service> {
  const { clientId, secret } = await aClient({ name: "Portal", kind: "service", scopes });
  await prisma().serviceAccount.create({ data: { clientId, organizationId } });
  await prisma().serviceAccountRole.create({ data: { clientId, roleId: await aRole(grants) } });
  const answer = await post(
    machine,
    "/token",
    {
      grant_type: "client_credentials",
      resource: `${getConfig().origin}/api/v1`,
      scope: scopes.join(" "),
    },
    { authorization: basic(clientId, secret) },
  );
  const token = String(answer.body["access_token"]);
  return {
    clientId,
    token,
    ask: (path, body, headers = {}) =>
      send(null, "POST", `/access/v1/${path}`, body, {
        authorization: `Bearer ${token}`,
        ...headers,
      }),
  };
}

async function anInvoice(ownerId: string, organizationId: string): Promise<string> {
  const id = newId();
  await prisma().invoice.create({
    data: {
      id,
      organizationId,
      ownerId,
      number: `A-${id.slice(-8)}`,
      customer: "Ada",
      customerKey: "ada",
      amount: 500,
      currency: "EUR",
    },
  });
  return id;
}

beforeAll(async () => {
  admin = await aCaller({ roles: ["Admin"] });
  adminCookie = await aSession(admin.principal.userId);
  service = await aService({ evaluate_access: "all" });
  alice = await aUserHolding({ view_invoice: "own", update_invoice: "own" });
  bob = await aUserHolding({ view_invoice: "all" });
  invoice = await anInvoice(alice.id, admin.principal.organizationId);
});

const subject = (id: string, type = "user") => ({ type, id });
const question = (who: string, action = "view_invoice", id = invoice) => ({
  subject: subject(who),
  action: { name: action },
  resource: { type: "Invoice", id },
});

describe("an evaluation (F94)", () => {
  test("is answered for a user by address or id, and for a service", async () => {
    for (const who of [alice.email, alice.id, alice.email.toUpperCase()]) {
      const answer = await service.ask("evaluation", question(who));
      expect(answer).toMatchObject({ status: 200, body: { decision: true } });
      expect(answer.headers["content-type"]).toMatch(/^application\/json/);
    }
    const denied = await service.ask("evaluation", question(bob.email, "update_invoice"));
    expect(denied).toMatchObject({
      status: 200,
      body: { decision: false, context: { reason: "no-grant" } },
    });
    const other = await aService({ view_invoice: "all" });
    const asService = { ...question(other.clientId), subject: subject(other.clientId, "service") };
    expect((await service.ask("evaluation", asService)).body).toEqual({ decision: true });
  });

  test("takes what the specification shows, and ignores what it does not know", async () => {
    const example = {
      subject: { type: "user", id: alice.email, properties: { department: "Sales" } },
      resource: { type: "Invoice", id: invoice, properties: { library_record: { title: "x" } } },
      action: { name: "view_invoice", properties: { method: "GET" } },
      context: { time: "1985-10-26T01:22-07:00", schema: "https://schema.example.com/x" },
      something_new: true,
    };
    expect((await service.ask("evaluation", example)).body).toEqual({ decision: true });
    const foreign = {
      subject: { type: "user", id: "alice@example.com" },
      resource: { type: "account", id: "123" },
      action: { name: "can_read", properties: { method: "GET" } },
      context: { time: "1985-10-26T01:22-07:00" },
    };
    expect((await service.ask("evaluation", foreign)).body).toMatchObject({ decision: false });
  });

  test("answers with the request's own name", async () => {
    const answer = await service.ask("evaluation", question(alice.id), {
      "x-request-id": "bfe9:1",
    });
    expect(answer.headers["x-request-id"]).toBe("bfe9:1");
    const refused = await service.ask("evaluation", {}, { "x-request-id": "bfe9:2" });
    expect(refused).toMatchObject({ status: 400, headers: { "x-request-id": "bfe9:2" } });
  });

  test("leads administrators to the reason, and tells the client its kind alone", async () => {
    const { body } = await service.ask("evaluation", question(bob.id, "delete_invoice"));
    const { reason, decision_id: id, ...more } = body.context;
    expect([reason, more]).toEqual(["no-grant", {}]);
    const decision = await findDecision(admin, id);
    expect(decision).toMatchObject({
      kind: "decision",
      trace: {
        permissionKey: "delete_invoice",
        facts: { principal: { id: bob.id } },
        resource: { id: invoice },
      },
    });
  });

  test("believes the database and not the client about our own records", async () => {
    const lie = {
      ...question(bob.id, "update_invoice"),
      resource: { type: "Invoice", id: invoice, properties: { ownerId: bob.id, amount: 1 } },
    };
    expect((await service.ask("evaluation", lie)).body.decision).toBe(false);
    await prisma().invoice.update({ where: { id: invoice }, data: { ownerId: bob.id } });
    expect((await service.ask("evaluation", question(alice.id))).body.decision).toBe(false);
    await prisma().invoice.update({ where: { id: invoice }, data: { ownerId: alice.id } });
    expect((await service.ask("evaluation", question(alice.id))).body.decision).toBe(true);
  });

  test("counts what the context tells of the request, and what it does not tell as not known", async () => {
    const user = await aUser({ roles: [] });
    const where = await aUser({ roles: [] });
    await aPolicy(admin.principal.organizationId, {
      effect: "allow",
      permissions: ["view_invoice"],
      condition: {
        kind: "all",
        conditions: [
          { kind: "user", ids: [user.id] },
          { kind: "assurance", acr: "urn:gatehouse:aal2", maxAgeSeconds: 600 },
        ],
      },
    });
    await aPolicy(admin.principal.organizationId, {
      effect: "allow",
      permissions: ["view_invoice"],
      condition: {
        kind: "all",
        conditions: [
          { kind: "user", ids: [where.id] },
          { kind: "network", ranges: ["192.0.2.0/24"] },
        ],
      },
    });
    const ask = async (id: string, context?: unknown) =>
      (await service.ask("evaluation", { ...question(id), ...(context ? { context } : {}) })).body;
    const auth_time = Math.floor(Date.now() / 1000);
    expect(await ask(user.id, { acr: "urn:gatehouse:aal2", auth_time })).toEqual({
      decision: true,
    });
    expect(await ask(user.id)).toMatchObject({ decision: false });
    expect(await ask(user.id, { acr: "urn:gatehouse:aal2" })).toMatchObject({ decision: false });
    // Somebody signed in who could prove more is told what.
    const weak = { acr: "urn:gatehouse:aal1", auth_time, means: "session" };
    expect(await ask(user.id, weak)).toEqual({
      decision: false,
      context: { reason: "step-up", acr_values: "urn:gatehouse:aal2", max_age: 600 },
    });
    expect((await ask(where.id, { ip: "192.0.2.4" })).decision).toBe(true);
    for (const context of [undefined, { ip: "198.51.100.1" }, { ip: 7 }, { ip: "192.0.2.4x" }]) {
      expect(await ask(where.id, context)).toMatchObject({
        decision: false,
        context: { reason: "condition-not-met" },
      });
    }
  });

  test("says no alike to what is unknown, and to what another organization has (ATK-43)", async () => {
    const foreigner = await aForeignCaller(["Admin"]);
    const { userId, organizationId } = foreigner.principal;
    await prisma().membership.deleteMany({
      where: { userId, organizationId: admin.principal.organizationId },
    });
    const theirs = await anInvoice(userId, organizationId);
    const nothing = { decision: false, context: { reason: "no-grant" } };
    const asked = [
      question(newId()),
      question("nobody@example.com"),
      question("\u00fcber"),
      question(userId),
      question(alice.id, "view_invoice", newId()),
      question(alice.id, "view_invoice", "123"),
      question(alice.id, "view_invoice", theirs),
      question(alice.id, "fly"),
      { ...question(alice.id), resource: { type: "User", id: alice.id } },
      { ...question(alice.id), subject: subject(alice.id, "group") },
      { ...question(alice.id), subject: subject(alice.id, "service") },
    ];
    for (const one of asked) {
      expect((await service.ask("evaluation", one)).body, JSON.stringify(one)).toEqual(nothing);
    }
    const elsewhere = await aService({ evaluate_access: "all" }, { organizationId });
    expect((await elsewhere.ask("evaluation", question(alice.id))).body).toEqual(nothing);
    expect(
      (await elsewhere.ask("evaluation", question(userId, "view_invoice", theirs))).body,
    ).toEqual({ decision: true });
    for (const body of [
      {
        subject: { type: "user" },
        action: { name: "view_invoice" },
        resource: question("").resource,
      },
      {
        subject: { type: "user" },
        action: { name: "view_invoice" },
        resource: { type: "Invoice", id: theirs },
      },
    ]) {
      const { body: found } = await elsewhere.ask("search/subject", body);
      const ids = found.results.map(({ id }: { id: string }) => id);
      expect(ids).toEqual(body.resource.id === theirs ? [userId] : []);
    }
  });

  test("is no for whoever cannot sign in", async () => {
    const user = await aUserHolding({ view_invoice: "all" });
    expect((await service.ask("evaluation", question(user.id))).body.decision).toBe(true);
    await prisma().user.update({ where: { id: user.id }, data: { status: "disabled" } });
    expect((await service.ask("evaluation", question(user.id))).body.decision).toBe(false);
  });

  test("fills no table: beyond a budget no id is told, and none is kept", async () => {
    const busy = await aService({ evaluate_access: "all" });
    const told = new Set<string>();
    const before = await prisma().decisionTrace.count();
    for (let round = 0; round < 4; round += 1) {
      const { body } = await busy.ask("evaluations", {
        subject: subject(bob.id),
        action: { name: "delete_invoice" },
        evaluations: Array.from({ length: 100 }, () => ({ resource: question("").resource })),
      });
      for (const { context } of body.evaluations) {
        expect(context.reason).toBe("no-grant");
        if (context.decision_id) told.add(context.decision_id);
      }
    }
    // A minute may have turned meanwhile.
    expect([120, 240]).toContain(told.size);
    expect((await prisma().decisionTrace.count()) - before).toBe(told.size);
  });
});

describe("many evaluations at once (F94)", () => {
  const three = () => ({
    subject: subject(alice.id),
    action: { name: "view_invoice" },
    evaluations: [
      { resource: { type: "Invoice", id: invoice } },
      { resource: { type: "Invoice", id: newId() } },
      { action: { name: "update_invoice" }, resource: { type: "Invoice", id: invoice } },
    ],
  });
  const decisionsOf = ({ body }: Answer) =>
    body.evaluations.map(({ decision }: { decision: boolean }) => decision);

  test("are answered in order, with defaults that each may override", async () => {
    const answer = await service.ask("evaluations", three());
    expect(answer.status).toBe(200);
    expect(decisionsOf(answer)).toEqual([true, false, true]);
    expect(answer.body).not.toHaveProperty("decision");
  });

  test.each([
    ["execute_all", [true, false, true]],
    ["deny_on_first_deny", [true, false]],
    ["permit_on_first_permit", [true]],
  ])("end as %s says", async (evaluations_semantic, expected) => {
    const options = { evaluations_semantic, another_option: "value" };
    expect(decisionsOf(await service.ask("evaluations", { ...three(), options }))).toEqual(
      expected,
    );
  });

  test("without a list are one evaluation", async () => {
    for (const more of [{}, { evaluations: [] }]) {
      const { body } = await service.ask("evaluations", { ...question(alice.id), ...more });
      expect(body).toEqual({ decision: true });
    }
  });

  test("that lack a part, are too many, or end in a way that there is not, are none", async () => {
    const { subject: _, ...lacking } = three();
    const many = Array.from({ length: 101 }, () => ({}));
    const bodies = [
      lacking,
      { ...question(alice.id), evaluations: many },
      { ...three(), options: { evaluations_semantic: "any" } },
      {},
      [],
    ];
    for (const body of bodies) {
      expect(await service.ask("evaluations", body)).toMatchObject({
        status: 400,
        body: { code: "malformed_request" },
      });
    }
  });
});

describe("a search (F94, F93)", () => {
  const resource = () => ({ type: "Invoice", id: invoice });

  test("for subjects finds those for whom an evaluation is yes, page by page", async () => {
    const asked = {
      subject: { type: "user" },
      action: { name: "view_invoice" },
      resource: resource(),
    };
    const found: string[] = [];
    let token: string | undefined;
    do {
      const page = { limit: 2, ...(token ? { token } : {}) };
      const { status, body } = await service.ask("search/subject", { ...asked, page });
      expect(status).toBe(200);
      expect(body.page.count).toBe(body.results.length);
      found.push(...body.results.map(({ id }: { id: string }) => id));
      token = body.page.next_token;
    } while (token !== "");
    expect(found).toContain(alice.id);
    expect(found).toContain(bob.id);
    const members = await prisma().membership.findMany({
      where: { organizationId: admin.principal.organizationId },
    });
    for (const { userId } of members) {
      const { body } = await service.ask("evaluation", question(userId));
      expect(found.includes(userId), userId).toBe(body.decision);
    }
    const services = await service.ask("search/subject", {
      ...asked,
      subject: { type: "service" },
    });
    for (const { id } of services.body.results) {
      const asService = { ...question(id), subject: subject(id, "service") };
      expect((await service.ask("evaluation", asService)).body.decision).toBe(true);
    }
    expect(services.body.results.length).toBeGreaterThan(0);
  });

  test("for resources and for actions finds what an evaluation allows", async () => {
    const other = await anInvoice(bob.id, admin.principal.organizationId);
    const searchFor = async (id: string) => {
      const { body } = await service.ask("search/resource", {
        subject: subject(id),
        action: { name: "update_invoice" },
        resource: { type: "Invoice", id: "ignored" },
      });
      return body.results;
    };
    expect(await searchFor(alice.id)).toEqual([{ type: "Invoice", id: invoice }]);
    expect(await searchFor(bob.id)).toEqual([]);
    const actions = await service.ask("search/action", {
      subject: subject(alice.email),
      resource: resource(),
    });
    expect(actions.body.results).toEqual([{ name: "update_invoice" }, { name: "view_invoice" }]);
    const none = await service.ask("search/action", {
      subject: subject(alice.email),
      resource: { type: "Invoice", id: other },
    });
    expect(none.body).toMatchObject({ results: [], page: { next_token: "" } });
  });

  test("goes on only with the question that it began with", async () => {
    const asked = {
      subject: { type: "user" },
      action: { name: "view_invoice" },
      resource: resource(),
    };
    const first = await service.ask("search/subject", { ...asked, page: { limit: 1 } });
    const page = { token: first.body.page.next_token };
    expect((await service.ask("search/subject", { ...asked, page })).status).toBe(200);
    for (const changed of [
      { ...asked, action: { name: "update_invoice" }, page },
      { ...asked, page: { token: "none" } },
      { ...asked, page: { limit: 0 } },
    ]) {
      expect((await service.ask("search/subject", changed)).status).toBe(400);
    }
  });

  test("for what is unknown finds nothing", async () => {
    const asked = { action: { name: "view_invoice" }, resource: resource() };
    const bodies = [
      ["search/subject", { ...asked, subject: { type: "group" } }],
      ["search/subject", { ...asked, subject: { type: "user" }, action: { name: "fly" } }],
      ["search/resource", { ...asked, subject: subject(newId()) }],
      ["search/action", { subject: subject(alice.id), resource: { type: "document", id: "1" } }],
    ] as const;
    for (const [path, body] of bodies) {
      expect(await service.ask(path, body)).toMatchObject({ status: 200, body: { results: [] } });
    }
  });
});

describe("who may ask (F94)", () => {
  const PATHS = ["evaluation", "evaluations", "search/subject", "search/resource", "search/action"];

  test("is a service with the permission, and nobody else", async () => {
    const without = await aService({ view_invoice: "all" });
    const writer = await aService({ evaluate_access: "all" }, { scopes: ["api:write"] });
    for (const path of PATHS) {
      const body = question(alice.id);
      const lacking = await without.ask(path, body);
      expect(lacking).toMatchObject({ status: 403, body: { code: "forbidden" } });
      expect(await prisma().auditEvent.count({ where: { id: lacking.body.decisionId } })).toBe(1);
      expect(await writer.ask(path, body)).toMatchObject({
        status: 403,
        body: { code: "insufficient_scope" },
      });
      const person = await send(adminCookie, "POST", `/access/v1/${path}`, body);
      expect(person).toMatchObject({ status: 403, body: { code: "service_required" } });
      const nobody = await send(null, "POST", `/access/v1/${path}`, body);
      expect(nobody.status).toBe(401);
      const bearer = { authorization: "Bearer none" };
      const stranger = await send(null, "POST", `/access/v1/${path}`, body, bearer);
      expect(stranger.status).toBe(401);
    }
  });

  test("ends with the client, and with its role", async () => {
    const ending = await aService({ evaluate_access: "all" });
    expect((await ending.ask("evaluation", question(alice.id))).status).toBe(200);
    await prisma().serviceAccountRole.deleteMany({ where: { clientId: ending.clientId } });
    expect((await ending.ask("evaluation", question(alice.id))).status).toBe(403);
    const disabled = await aService({ evaluate_access: "all" });
    const where = { id: disabled.clientId };
    await prisma().oidcClient.update({ where, data: { disabledAt: new Date() } });
    expect((await disabled.ask("evaluation", question(alice.id))).status).toBe(401);
  });

  test("is told what does not fit, and no more than fits is read", async () => {
    const bodies = [
      {},
      { subject: "alice", action: { name: "x" }, resource: { type: "x", id: "1" } },
      { ...question(alice.id), subject: { type: "user" } },
      { ...question(alice.id), action: {} },
      { ...question(alice.id), resource: { id: "1" } },
      { ...question(alice.id), context: "now" },
      question("\0"),
      question("\ud800"),
      "text",
      null,
    ];
    for (const body of bodies) {
      expect((await service.ask("evaluation", body)).status, JSON.stringify(body)).toBe(400);
    }
    const large = { ...question(alice.id), padding: "x".repeat(70_000) };
    expect((await service.ask("evaluation", large)).status).toBe(413);
    const other = await send(null, "GET", "/access/v1/evaluation", undefined, {
      authorization: `Bearer ${service.token}`,
    });
    expect(other.status).toBe(405);
  });
});

describe("the decision point", () => {
  const PATH = "/.well-known/authzen-configuration";

  test("says of itself where it is asked, behind both mounts alike", async () => {
    const { origin } = getConfig();
    const lane = await machine(`${origin}${PATH}`);
    const web = await answerWebRequest(new Request(`${origin}${PATH}`), answerAccessMetadata);
    const metadata = await lane.json();
    expect(await web.json()).toEqual(metadata);
    expect(lane.status).toBe(200);
    expect(metadata).toEqual({
      policy_decision_point: origin,
      access_evaluation_endpoint: `${origin}/access/v1/evaluation`,
      access_evaluations_endpoint: `${origin}/access/v1/evaluations`,
      search_subject_endpoint: `${origin}/access/v1/search/subject`,
      search_resource_endpoint: `${origin}/access/v1/search/resource`,
      search_action_endpoint: `${origin}/access/v1/search/action`,
    });
    expect((await machine(`${origin}${PATH}/tenant1`)).status).toBe(404);
    expect((await machine(`${origin}${PATH}`, { method: "POST" })).status).toBe(405);
  });

  test("answers on the fast lane as behind Next", async () => {
    const response = await machine(`${getConfig().origin}/access/v1/evaluation`, {
      method: "POST",
      headers: { authorization: `Bearer ${service.token}`, "content-type": "application/json" },
      body: JSON.stringify(question(alice.id)),
    });
    expect([response.status, await response.json()]).toEqual([200, { decision: true }]);
  });
});
