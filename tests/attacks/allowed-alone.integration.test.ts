import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { closeReview } from "@/lib/access-reviews/close-review";
import { removeMember } from "@/lib/memberships/remove-member";
import { addClientSecret } from "@/lib/oidc/client-secrets";
import { createClient } from "@/lib/oidc/create-client";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { assignServiceRoles, measureServiceRoles } from "@/lib/service-accounts/service-roles";
import type { Caller } from "@/lib/shared/caller";
import { deleteTeam } from "@/lib/teams/delete-team";
import { addUser } from "@/lib/users/add-user";
import { updateUser } from "@/lib/users/update-user";
import { ANSWERS, aReviewOf, aStartedReview } from "@/tests/support/access-reviews";
import { aClient } from "@/tests/support/authorization-server";
import { aUser, callerOf, callerWith } from "@/tests/support/builders";
import {
  anOrganization,
  aSessionIn,
  defaultOrganizationId,
  join,
} from "@/tests/support/organizations";
import { aPolicy } from "@/tests/support/policies";
import { aCallerHolding, aRole, type Grants, give, roleIdsOf } from "@/tests/support/roles";
import { aTeam } from "@/tests/support/teams";

// Nobody acts on somebody who may do more. What policies allow somebody is judged for whoever is acted
// on, and not found by what a condition names: "everybody but the delegate" names the delegate alone.

const DELEGATE: Grants = {
  view_users: "all",
  manage_users: "all",
  manage_members: "all",
  view_teams: "all",
  manage_teams: "all",
};
const CLIENTS: Grants = { view_clients: "all", manage_clients: "all" };
const POLICIES = ["view_policies", "manage_policies"];
const TERMS = { confirmed: true };
const ABOVE = { outcome: "rejected", reason: "beyond-own-permissions" };

const not = (condition: object) => ({ kind: "not", condition });
const anAddress = (domain = "example.com") => `${newId()}@${domain}`;

beforeAll(async () => {
  await aUser({ roles: ["Admin"] });
});

beforeEach(async () => {
  await prisma().policy.deleteMany();
});

async function aMemberOf(...organizationIds: string[]): Promise<string> {
  const { id } = await aUser({ roles: [] });
  await prisma().membership.deleteMany({ where: { userId: id } });
  for (const organizationId of organizationIds) await join(id, organizationId);
  return id;
}

/** Somebody who governs people in these organizations, in a session in the first. */
async function aDelegateOf(
  ...places: [string, ...string[]]
): Promise<{ id: string; caller: Caller }> {
  const id = await aMemberOf(...places);
  const role = await aRole(DELEGATE);
  for (const organizationId of places) await give(id, role, { organizationId });
  return { id, caller: await callerWith(await aSessionIn(id, places[0])) };
}

const allow = (organizationId: string | null, condition?: object, keys = POLICIES) =>
  aPolicy(keys, {
    effect: "allow",
    organizationId,
    ...(condition === undefined ? {} : { condition }),
  });

const readdress = (caller: Caller, id: string) =>
  updateUser(caller, id, { email: anAddress() }, TERMS);

const add = (caller: Caller, email = anAddress()) =>
  addUser(
    caller,
    { email, name: null, status: "active", roleIds: null },
    async () => async () => {},
  );

/** What leaves the delegate out and nobody else. */
const BUT_THE_DELEGATE: Record<string, (id: string, organizationId: string) => Promise<object>> = {
  user: async (id) => not({ kind: "user", ids: [id] }),
  team: async (id, organizationId) =>
    not({ kind: "team", ids: [await aTeam({ organizationId, members: [id] })] }),
  role: async (id, organizationId) => {
    const role = await aRole({ view_invoice: "own" });
    await give(id, role, { organizationId });
    return not({ kind: "role", ids: [role] });
  },
  domain: async (id) => {
    const domain = `${newId()}.example`;
    await prisma().user.update({ where: { id }, data: { email: anAddress(domain) } });
    return not({ kind: "email-domain", domains: [domain] });
  },
  "nested team": async (id, organizationId) => ({
    kind: "all",
    conditions: [
      {
        kind: "any",
        conditions: [not({ kind: "team", ids: [await aTeam({ organizationId, members: [id] })] })],
      },
      { kind: "network", ranges: ["192.0.2.0/24"] },
    ],
  }),
};

describe.each(Object.entries(BUT_THE_DELEGATE))(
  "a policy for everybody but those of a %s (ATK-42)",
  (_what, conditionOf) => {
    test.each([["of the organization"], ["of the whole installation"]])("%s", async (reach) => {
      const here = (await anOrganization()).id;
      const { id } = await aDelegateOf(here);
      const victim = await aMemberOf(here);
      const condition = await conditionOf(id, here);
      const caller = await callerWith(await aSessionIn(id, here));
      await allow(reach === "of the organization" ? here : null, condition);
      expect(await readdress(caller, victim)).toMatchObject(ABOVE);
      expect(await removeMember(caller, here, victim)).toMatchObject(ABOVE);
      expect(await add(caller)).toMatchObject(ABOVE);
    });
  },
);

test("who gets all that it gives acts on whoever does, too", async () => {
  const here = (await anOrganization()).id;
  const { id, caller } = await aDelegateOf(here);
  const interns = await aTeam({ organizationId: here, members: [] });
  await allow(here, not({ kind: "team", ids: [interns] }));
  await allow(here, undefined, ["manage_sign_in_rules"]);
  await allow(null, not({ kind: "email-domain", domains: ["contractors.example"] }), [
    "view_events",
  ]);
  const peer = await aMemberOf(here);
  expect(await readdress(caller, peer)).toMatchObject({ outcome: "updated" });
  expect(await add(caller)).toMatchObject({ outcome: "created" });
  // Whoever is an intern has less by it, and is acted on by who has more.
  const intern = await aMemberOf(here);
  await prisma().teamMembership.create({
    data: { teamId: interns, userId: intern, organizationId: here },
  });
  expect(await readdress(caller, intern)).toMatchObject({ outcome: "updated" });
  // What all others are allowed and they are denied is not theirs.
  await aPolicy(["manage_sign_in_rules"], {
    organizationId: here,
    condition: { kind: "user", ids: [id] },
  });
  expect(await readdress(caller, peer)).toMatchObject({
    ...ABOVE,
    missing: ["manage_sign_in_rules"],
  });
});

test("what cannot be read is above everybody who does not hold it (FLT-26)", async () => {
  const here = (await anOrganization()).id;
  const { caller } = await aDelegateOf(here);
  await allow(here, { kind: "of a later version" });
  expect(await readdress(caller, await aMemberOf(here))).toMatchObject(ABOVE);
});

test("what another organization allows all its members counts for who is one of them (ATK-42, ATK-43)", async () => {
  const [here, there] = [await defaultOrganizationId(), (await anOrganization("Other")).id];
  const delegate = await aUser({ roles: [] });
  await give(delegate.id, await aRole(DELEGATE));
  const caller = await callerOf(delegate.id);
  await allow(there);
  expect(await readdress(caller, await aMemberOf(here, there))).toMatchObject(ABOVE);
  expect(await readdress(caller, await aMemberOf(here))).toMatchObject({ outcome: "updated" });
  // Whoever is one of them is allowed it as well.
  await join(delegate.id, there);
  expect(await readdress(caller, await aMemberOf(here, there))).toMatchObject({
    outcome: "updated",
  });
});

test.each(["each organization", "the whole instance"])(
  "what the other organization denies a delegate of %s is denied them on a shared account (ATK-42)",
  async (reach) => {
    const [here, there] = [(await anOrganization()).id, (await anOrganization("Other")).id];
    const { id, caller } = await aDelegateOf(here, there);
    if (reach === "the whole instance") await give(id, await aRole(DELEGATE));
    const shared = await aMemberOf(here, there);
    expect(await updateUser(caller, shared, { name: "Ada" }, TERMS)).toMatchObject({
      outcome: "updated",
    });
    await aPolicy(["manage_users"], {
      organizationId: there,
      condition: { kind: "user", ids: [id] },
    });
    const refused = await readdress(caller, shared);
    expect(refused).toMatchObject({ outcome: "rejected", reason: "belongs-elsewhere" });
    const { decisionId } = refused as { decisionId: string };
    const { trace } = await prisma().decisionTrace.findUniqueOrThrow({ where: { id: decisionId } });
    expect(JSON.stringify(trace)).not.toContain(there);
  },
);

describe("a service account that policies alone allow something (ATK-42)", () => {
  const aDelegateOfClients = async () => {
    const { id } = await aUser({ roles: [] });
    await give(id, await aRole({ ...CLIENTS, assign_roles: "all", view_roles: "all" }));
    return { id, caller: await callerOf(id) };
  };
  const service = { name: "Puppet", kind: "service" as const, scopes: ["api:read"] };

  test.each(["with a place", "without a role yet"])(
    "%s gets no secret from whoever lacks it",
    async (state) => {
      const organizationId = await defaultOrganizationId();
      const { clientId } = await aClient(service);
      if (state === "with a place")
        await prisma().serviceAccount.create({ data: { clientId, organizationId } });
      const { caller } = await aDelegateOfClients();
      await allow(organizationId, { kind: "user", ids: [clientId] }, ["view_users"]);
      expect(await addClientSecret(caller, clientId)).toMatchObject({
        ...ABOVE,
        missing: ["view_users"],
      });
      expect(await assignServiceRoles(caller, clientId, [])).toMatchObject(ABOVE);
      expect(await measureServiceRoles(caller, clientId)).toMatchObject({ beyond: ["view_users"] });
    },
  );

  test.each<[string, (team: string) => object]>([
    ["everybody but a team", (team) => not({ kind: "team", ids: [team] })],
    ["whoever comes as a service account", () => ({ kind: "means", oneOf: ["service"] })],
  ])("is not made by whoever lacks what is for %s", async (_whom, conditionOf) => {
    const organizationId = await defaultOrganizationId();
    const { id, caller } = await aDelegateOfClients();
    const team = await aTeam({ organizationId, members: [id] });
    const by = { kind: "caller", caller } as const;
    expect(await createClient(by, service)).toMatchObject({ outcome: "created" });
    await allow(organizationId, conditionOf(team), ["view_users"]);
    expect(await createClient(by, service)).toMatchObject({ ...ABOVE, missing: ["view_users"] });
    // Only what acts for itself is somebody.
    const web = {
      name: "Shop",
      kind: "web" as const,
      redirectUris: ["https://shop.example/callback"],
    };
    expect(await createClient(by, web)).toMatchObject({ outcome: "created" });
  });
});

test("a team and a review take nothing from whom a policy alone allows more (ATK-42)", async () => {
  const organizationId = await defaultOrganizationId();
  const delegate = await aUser({ roles: [] });
  const grants: Grants = { ...DELEGATE, manage_reviews: "all", view_invoice: "all" };
  await give(delegate.id, await aRole(grants), { organizationId });
  const caller = await callerOf(delegate.id);
  const [boss, clerk] = [await aUser({ roles: [] }), await aUser({ roles: [] })];
  const viewer = await aRole({ view_invoice: "all" });
  for (const { id } of [boss, clerk]) await give(id, viewer, { organizationId });
  await allow(organizationId, { kind: "user", ids: [boss.id] });

  const teams = { organizationId, roles: [viewer] };
  const [theirs, other] = [
    await aTeam({ ...teams, members: [boss.id] }),
    await aTeam({ ...teams, members: [clerk.id] }),
  ];
  const terms = { expectedVersion: null, confirmed: true };
  expect(await deleteTeam(caller, theirs, terms)).toMatchObject(ABOVE);
  expect(await deleteTeam(caller, other, terms)).toMatchObject({ outcome: "deleted" });

  const reviewer = await aCallerHolding(ANSWERS);
  const review = await aStartedReview(caller, aReviewOf([boss.id, clerk.id], [reviewer]));
  expect(await closeReview(caller, review, TERMS)).toMatchObject({ outcome: "closed" });
  expect(await roleIdsOf(boss.id)).toEqual([viewer]);
  expect(await roleIdsOf(clerk.id)).toEqual([]);
});

test("a review takes nothing by a right that its author has been denied meanwhile (ATK-42)", async () => {
  const organizationId = await defaultOrganizationId();
  const delegate = await aUser({ roles: [] });
  await give(delegate.id, await aRole({ manage_reviews: "all", view_invoice: "all" }), {
    organizationId,
  });
  const caller = await callerOf(delegate.id);
  const clerk = await aUser({ roles: [] });
  const viewer = await aRole({ view_invoice: "all" });
  await give(clerk.id, viewer, { organizationId });
  const reviewer = await aCallerHolding(ANSWERS);
  const review = await aStartedReview(caller, aReviewOf([clerk.id], [reviewer]));
  await aPolicy(["view_invoice"], {
    organizationId,
    condition: { kind: "user", ids: [delegate.id] },
  });
  expect(await closeReview(caller, review, TERMS)).toMatchObject({
    ...ABOVE,
    missing: ["view_invoice"],
  });
  expect(await roleIdsOf(clerk.id)).toEqual([viewer]);
});
