import { beforeEach, describe, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { lockInstance } from "@/lib/authz/holdings-store";
import { recordOf } from "@/lib/domains/domain-record";
import { addDomain, removeDomain, setAutoJoin, verifyDomain } from "@/lib/domains/manage-domains";
import { endWaiver } from "@/lib/duties/waivers";
import { deleteConnection } from "@/lib/federation/delete-connection";
import {
  changeConnection,
  createConnection,
  replaceSecret,
  switchConnection,
} from "@/lib/federation/manage-connections";
import { changeSignInRules } from "@/lib/organizations/sign-in-rules";
import { DEFAULT_SIGN_IN_RULES } from "@/lib/organizations/sign-in-rules.schema";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { aUser, callerOf } from "@/tests/support/builders";
import { aConnection } from "@/tests/support/connections";
import { aResolver, aVerifiedDomain } from "@/tests/support/domains";
import { defaultOrganizationId } from "@/tests/support/organizations";
import { whileUncommitted } from "@/tests/support/race";
import { aRole, eventsOf, give } from "@/tests/support/roles";

// Who had the right when they asked, and has it no more when it is done. What an organization has of
// its own is changed by who holds the permission in the transaction of the change (ATK-44).

const MANAGER = {
  manage_duties: "all",
  manage_domains: "all",
  manage_sign_in_rules: "all",
  manage_connections: "all",
} as const;

const CONNECTION = {
  name: "Acme",
  preset: "openid",
  issuer: "https://idp.example.com",
  clientId: "gatehouse",
  clientSecret: "a-client-secret",
  authMethod: "client_secret_basic",
  scopes: "openid",
  domains: [],
} as const;

let role: string;
let organizationId: string;

beforeEach(async () => {
  await aUser({ roles: ["Admin"] });
  organizationId = await defaultOrganizationId();
  role = await aRole(MANAGER);
  await prisma().signInPolicy.deleteMany();
  await prisma().organizationDomain.deleteMany();
  await prisma().connection.deleteMany();
});

async function aWaiver(): Promise<string> {
  const [conflictId, id] = [newId(), newId()];
  await prisma().dutyConflict.create({
    data: {
      id: conflictId,
      organizationId,
      name: conflictId,
      description: "",
      leftKeys: ["create_invoice"],
      rightKeys: ["delete_invoice"],
    },
  });
  const [user, other] = [await aUser({ roles: [] }), await aUser({ roles: [] })];
  const expiresAt = new Date(Date.now() + 1e7);
  const waiver = { conflictId, organizationId, userId: user.id, grantedById: other.id };
  await prisma().dutyWaiver.create({ data: { id, ...waiver, reason: "x", expiresAt } });
  return id;
}

/** Makes what is to be changed, and says how. */
const CHANGES: Record<string, () => Promise<(caller: Caller) => Promise<unknown>>> = {
  "ending a waiver": async () => {
    const id = await aWaiver();
    return (caller) => endWaiver(caller, id);
  },
  "adding a domain": async () => (caller) => addDomain(caller, "acme.example"),
  "verifying a domain": async () => {
    const domain = { id: newId(), domain: "acme.example", token: newId(), organizationId };
    await prisma().organizationDomain.create({ data: domain });
    const { name, value } = recordOf(domain);
    return (caller) => verifyDomain(caller, domain.id, aResolver({ [name]: [value] }));
  },
  "noting that a domain's record is gone": async () => {
    const id = await aVerifiedDomain("acme.example", organizationId);
    return (caller) => verifyDomain(caller, id, aResolver());
  },
  "letting nobody join by a domain": async () => {
    const id = await aVerifiedDomain("acme.example", organizationId, { autoJoin: true });
    return (caller) => setAutoJoin(caller, id, false);
  },
  "removing a domain": async () => {
    const id = await aVerifiedDomain("acme.example", organizationId);
    return (caller) => removeDomain(caller, id);
  },
  "other rules of sign-in": async () => (caller) =>
    changeSignInRules(
      caller,
      { ...DEFAULT_SIGN_IN_RULES, sessionHoursMax: 1 },
      { expectedVersion: 0, confirmed: true },
    ),
  "a new connection": async () => (caller) =>
    createConnection(caller, { ...CONNECTION, domains: [], slug: "acme" }),
  "other settings of a connection": async () => {
    const { id, version } = await aConnection();
    const change = { ...CONNECTION, domains: [], clientId: "other", clientSecret: undefined };
    return (caller) => changeConnection(caller, id, change, version);
  },
  "another secret of a connection": async () => {
    const { id, version } = await aConnection();
    return (caller) => replaceSecret(caller, id, "another", version);
  },
  "switching a connection off": async () => {
    const { id, version } = await aConnection();
    const terms = { expectedVersion: version, confirmed: true };
    return (caller) => switchConnection(caller, id, false, terms);
  },
  "deleting a connection": async () => {
    const { id } = await aConnection();
    return (caller) => deleteConnection(caller, id, { confirmed: true });
  },
};

const stateOf = async () => ({
  waivers: await prisma().dutyWaiver.findMany({ orderBy: { id: "asc" } }),
  domains: await prisma().organizationDomain.findMany({ orderBy: { id: "asc" } }),
  rules: await prisma().signInPolicy.findMany(),
  connections: await prisma().connection.findMany({ orderBy: { id: "asc" } }),
});

describe.each(Object.entries(CHANGES))("%s", (_name, prepare) => {
  test("is refused to who loses the permission at that moment, and on record", async () => {
    const change = await prepare();
    const { id } = await aUser({ roles: [] });
    await give(id, role, { organizationId });
    const caller = await callerOf(id);
    const before = await stateOf();
    const changing = whileUncommitted(
      async (tx) => {
        await lockInstance(tx);
        await tx.userRole.deleteMany({ where: { userId: id } });
      },
      () => change(caller),
    );
    await expect(changing).rejects.toThrow(AccessDenied);
    expect(await stateOf()).toEqual(before);
    expect(await eventsOf(caller)).toMatchObject([{ outcome: "denied", actorId: id }]);
  });

  test("is done by who holds it", async () => {
    const change = await prepare();
    const { id } = await aUser({ roles: [] });
    await give(id, role, { organizationId });
    const before = await stateOf();
    await change(await callerOf(id));
    expect(await stateOf()).not.toEqual(before);
  });
});
