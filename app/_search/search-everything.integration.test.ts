import { beforeAll, expect, test } from "vitest";
import { searchEverything } from "@/app/_search/search-everything";
import { AccessDenied, authorize } from "@/lib/authz/authorize";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import type { Hit, HitKind } from "@/lib/shared/search-hit";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { send } from "@/tests/support/api";
import { aCaller, aRequest, aSession, aUser } from "@/tests/support/builders";
import { aCallerIn, anOrganization, join } from "@/tests/support/organizations";

/** In every name below, and in nothing else. */
const MARK = "Zyx";
const VIEWS: Partial<Record<HitKind, string>> = {
  user: "view_users",
  organization: "view_organization",
  role: "view_roles",
  team: "view_teams",
  policy: "view_policies",
  client: "view_clients",
};
const EVERYTHING = Object.fromEntries(
  [...Object.values(VIEWS), "view_decisions", "view_audit_log"].map((key) => [key, "all" as const]),
);

interface Place {
  organization: string;
  reader: Caller;
  ids: Partial<Record<HitKind, string>>;
}

/** One thing of each kind in a new organization, with the name of the place in its name. */
async function aPlace(name: string): Promise<Place> {
  await aUser();
  const { id: organization } = await anOrganization(`${MARK} ${name}`);
  const reader = await aCallerIn(organization, EVERYTHING);
  const user = await aUser({ roles: [] });
  await join(user.id, organization);
  await prisma().user.update({ where: { id: user.id }, data: { name: `${MARK} ${name}` } });
  const [role, team, policy] = [newId(), newId(), newId()];
  const of = { organizationId: organization, name: `${MARK} ${name}` };
  await prisma().role.create({ data: { id: role, ...of } });
  await prisma().team.create({ data: { id: team, ...of } });
  await prisma().policy.create({ data: { id: policy, ...of } });
  return { organization, reader, ids: { user: user.id, organization, role, team, policy } };
}

let here: Place;
let there: Place;
beforeAll(async () => {
  here = await aPlace("here");
  there = await aPlace("there");
});

async function found(caller: Caller, q: string): Promise<Hit[]> {
  const result = await searchEverything({ ...caller, request: aRequest() }, q);
  return result.outcome === "found" ? result.hits : expect.unreachable(result.outcome);
}

test("what bears the name is found, of every kind, with the page that shows it", async () => {
  const hits = await found(here.reader, MARK.toLowerCase());
  expect(new Map(hits.map(({ kind, id }) => [kind, id]))).toEqual(
    new Map(Object.entries(here.ids)),
  );
  expect(hits.map(({ href }) => href)).toContain(`/admin/users/${here.ids.user}`);
});

test("nothing of another organization is found, by name or by id (ATK-43, F81)", async () => {
  for (const q of [MARK, `${MARK} there`, ...Object.values(there.ids)]) {
    const hits = await found(here.reader, q);
    const ids = hits.map(({ id }) => id);
    expect(
      ids.filter((id) => Object.values(there.ids).includes(id)),
      q,
    ).toEqual([]);
  }
});

test("each kind is found by whoever may see it, and by nobody else", async () => {
  for (const [kind, permission] of Object.entries(VIEWS)) {
    if (kind === "client") continue;
    const reader = await aCallerIn(here.organization, { [permission]: "all" });
    expect((await found(reader, MARK)).map((hit) => hit.kind)).toEqual([kind]);
  }
  const before = await prisma().auditEvent.count({ where: { action: "access.denied" } });
  expect(await found(await aCallerIn(here.organization, {}), MARK)).toEqual([]);
  // Looking for something is no attempt at anything.
  expect(await prisma().auditEvent.count({ where: { action: "access.denied" } })).toBe(before);
});

test("each is found by its id, also one that was copied in capitals", async () => {
  for (const [kind, id] of Object.entries(here.ids)) {
    for (const q of [id, id.toUpperCase()]) {
      expect(
        (await found(here.reader, q)).map((hit) => [hit.kind, hit.id]),
        kind,
      ).toContainEqual([kind, id]);
    }
  }
});

test("a decision, a request and an event are found by the id that somebody was told", async () => {
  const reader = await aCallerIn(here.organization, EVERYTHING);
  const refused = await aCallerIn(here.organization, {});
  await expect(authorize(refused, USER_PERMISSIONS.view)).rejects.toThrow(AccessDenied);
  const { requestId, decisionId } = refused.request;
  const event = await prisma().auditEvent.findFirstOrThrow({ where: { requestId } });
  for (const q of [requestId, event.id]) {
    expect((await found(reader, q)).map(({ kind }) => kind)).toContain("event");
    expect(await found(there.reader, q)).toEqual([]);
  }
  expect((await found(reader, decisionId)).map(({ kind }) => kind)).toContain("decision");
  expect(await found(there.reader, decisionId)).toEqual([]);
});

test("clients and organizations of the installation are found by whoever manages those", async () => {
  const admin = await aCaller({ roles: ["Admin"] });
  await prisma().oidcClient.create({
    data: {
      id: `client-${newId()}`,
      name: `${MARK} app`,
      kind: "web",
      authMethod: "client_secret_basic",
      redirectUris: ["https://app.example.com/callback"],
    },
  });
  const kinds = (await found(admin, MARK)).map(({ kind }) => kind);
  expect(kinds).toContain("client");
  expect(kinds.filter((kind) => kind === "organization")).toHaveLength(2);
});

test("the first few of a kind are all that is told", async () => {
  for (let count = 0; count < 8; count += 1) {
    const data = { id: newId(), organizationId: here.organization, name: `Qrs ${count}` };
    await prisma().role.create({ data });
  }
  expect(await found(here.reader, "qrs")).toHaveLength(5);
});

test("the API answers the same, wants three characters, and not without end", async () => {
  const cookie = await aSession((await aUser({ roles: ["Admin"] })).id);
  const answer = await send(cookie, "GET", `/api/v1/search?q=${MARK}`);
  expect(answer.status).toBe(200);
  expect(answer.body.items.length).toBeGreaterThan(0);
  expect((await send(cookie, "GET", "/api/v1/search?q=zy")).status).toBe(422);
  expect((await send(cookie, "GET", "/api/v1/search")).status).toBe(422);
  const statuses = await Promise.all(
    Array.from(
      { length: 130 },
      async () => (await send(cookie, "GET", "/api/v1/search?q=none")).status,
    ),
  );
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
});
