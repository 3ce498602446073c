import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { CATALOGUE } from "@/app/resources";
import { AccessDenied, authorize } from "@/lib/authz/authorize";
import { createRole } from "@/lib/authz/create-role";
import { can } from "@/lib/authz/decide";
import { describeRole } from "@/lib/authz/describe-role";
import type { Facts } from "@/lib/authz/facts";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import type { Rule } from "@/lib/authz/rule";
import { readTrace } from "@/lib/authz/stored-trace";
import { listBeyond } from "@/lib/authz/within-own";
import type { Judgement } from "@/lib/decisions/judge";
import { simulate } from "@/lib/decisions/simulate";
import { createInvitation } from "@/lib/invitations/manage-invitations";
import { deleteInvoice } from "@/lib/invoices/delete-invoice";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { createOrganization } from "@/lib/organizations/create-organization";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { createPolicy } from "@/lib/policies/create-policy";
import { describePolicy } from "@/lib/policies/describe-policy";
import { POLICY_PERMISSIONS } from "@/lib/policies/permissions";
import { AssuranceInsufficient, TokenInsufficient } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";
import { createTeam } from "@/lib/teams/create-team";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";
import { assignRoles } from "@/lib/users/assign-roles";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { updateUser } from "@/lib/users/update-user";
import { type Cast, facts, rules } from "@/tests/support/arbitrary-rules";
import { aCaller, aRequest, aUser, callerOf } from "@/tests/support/builders";
import { anInvoice } from "@/tests/support/invoices";
import { aContent, aPolicy, aPolicyOf } from "@/tests/support/policies";
import { aRole, give } from "@/tests/support/roles";
import { aTeam, defaultOrganizationId, putIntoTeam } from "@/tests/support/teams";

// One evaluation order on every surface (F96): whatever rules there are, what is tried out, what a
// button asks, what `authorize` answers and what the call itself does are one answer, also where
// nothing but a policy allows it. That a call may be refused for what it reaches is another question,
// with a trace of its own kind.

const TERMS = { expectedVersion: null, confirmed: true };
const CASES = 200;

interface Stage {
  admin: Caller;
  organizationId: string;
  cast: Cast;
  subjectId: string;
  /** Somebody without anything, whom the calls are about. */
  targetId: string;
  emptyRoleId: string;
  draftId: string;
}
let stage: Stage;

beforeAll(async () => {
  const admin = await aCaller({ roles: ["Admin"] });
  const subject = await aUser({ roles: [] });
  const target = await aUser({ roles: [] });
  stage = {
    admin,
    organizationId: await defaultOrganizationId(),
    cast: {
      userIds: [subject.id, target.id, newId()],
      roleIds: [await aRole({}), await aRole({}), await aRole({})],
      teamIds: [await aTeam(), await aTeam(), await aTeam()],
    },
    subjectId: subject.id,
    targetId: target.id,
    emptyRoleId: await aRole({}),
    draftId: await aPolicyOf({}, { organizationId: await defaultOrganizationId() }),
  };
});

interface Action {
  permission: Permission;
  /** The record that is asked about; null is any. */
  record: () => Promise<string | null>;
  call: (caller: Caller, record: string) => Promise<{ outcome: string }>;
}

const nothing = async () => null;
const target = async () => stage.targetId;
const newInvoice = async () => {
  const { id } = await anInvoice(stage.admin);
  const [ownerId, status] = [stage.subjectId, "draft" as const];
  await prisma().invoice.update({ where: { id }, data: { ownerId, status } });
  return id;
};

/** Of each part of the administration, what reaches nobody and gives nothing. */
const ACTIONS: Record<string, Action> = {
  "renames a user": {
    permission: USER_PERMISSIONS.manage,
    record: target,
    call: (caller, id) => updateUser(caller, id, { name: newId() }, TERMS),
  },
  "gives a role that gives nothing": {
    permission: USER_PERMISSIONS.assignRoles,
    record: target,
    call: (caller, id) => assignRoles(caller, id, [stage.emptyRoleId], TERMS),
  },
  "creates a role": {
    permission: ROLE_PERMISSIONS.manage,
    record: nothing,
    call: (caller) => createRole(caller, { name: newId(), description: "", grants: {} }),
  },
  "describes a role": {
    permission: ROLE_PERMISSIONS.manage,
    record: nothing,
    call: async (caller) => {
      const [id, { organizationId }] = [newId(), stage];
      await prisma().role.create({ data: { id, name: id, organizationId } });
      return describeRole(caller, id, { description: newId() }, TERMS);
    },
  },
  "creates a policy": {
    permission: POLICY_PERMISSIONS.manage,
    record: nothing,
    call: (caller) =>
      createPolicy(caller, {
        name: newId(),
        description: "",
        place: "organization",
        content: aContent(),
      }),
  },
  "describes a policy": {
    permission: POLICY_PERMISSIONS.manage,
    record: nothing,
    call: (caller) => describePolicy(caller, stage.draftId, { description: newId() }, TERMS),
  },
  "creates a team": {
    permission: TEAM_PERMISSIONS.manage,
    record: nothing,
    call: (caller) => createTeam(caller, { name: newId(), description: "", parentId: null }),
  },
  "invites somebody": {
    permission: ORGANIZATION_PERMISSIONS.manageMembers,
    record: nothing,
    call: (caller) =>
      createInvitation(
        caller,
        stage.organizationId,
        { email: `${newId()}@elsewhere.test`, roleIds: [] },
        async () => {},
      ),
  },
  "creates an organization": {
    permission: ORGANIZATION_PERMISSIONS.manage,
    record: nothing,
    call: (caller) => createOrganization(caller, { name: newId(), slug: `o-${newId()}` }),
  },
  "deletes an invoice": {
    permission: INVOICE_PERMISSIONS.delete,
    record: newInvoice,
    call: (caller, id) => deleteInvoice(caller, id),
  },
};

/** The rules as roles and policies, and who the facts say that the subject is. */
async function write(
  permission: Permission,
  drawn: Rule[],
  { roleIds, teamIds }: Facts["principal"],
  onInstance: boolean,
): Promise<void> {
  const { subjectId, organizationId } = stage;
  const place = onInstance ? null : organizationId;
  const { id: permissionId } = await prisma().permission.findUniqueOrThrow({
    where: { key: permission.key },
  });
  for (const { effect, source, condition } of drawn) {
    const conditioned = condition === null ? {} : { condition: condition as object };
    if (source.kind === "policy") {
      // Nothing in the database denies what undoes policies.
      if (effect === "deny" && permission.key === POLICY_PERMISSIONS.manage.key) continue;
      await aPolicy([permission.key], { effect, organizationId: place, ...conditioned });
      continue;
    }
    const roleId = await aRole({});
    await prisma().rolePermission.create({ data: { roleId, permissionId, ...conditioned } });
    await give(subjectId, roleId, place === null ? {} : { organizationId: place });
  }
  for (const roleId of roleIds) await give(subjectId, roleId);
  for (const teamId of teamIds) await putIntoTeam(teamId, subjectId);
  // What is deleted has to be seen, which is a permission of its own.
  if (permission.key === INVOICE_PERMISSIONS.delete.key) {
    await give(subjectId, await aRole({ view_invoice: "all" }));
  }
}

async function clear(): Promise<void> {
  const userId = { in: [stage.subjectId, stage.targetId] };
  await prisma().userRole.deleteMany({ where: { userId } });
  await prisma().teamMembership.deleteMany({ where: { userId } });
  await prisma().policy.deleteMany({ where: { id: { not: stage.draftId } } });
}

/** The answer of what throws its refusals as every use case does. */
async function answerOf(work: () => Promise<unknown>): Promise<Judgement> {
  try {
    await work();
    return { outcome: "allowed" };
  } catch (error) {
    if (error instanceof AccessDenied) return { outcome: "denied", reason: error.reason };
    if (error instanceof AssuranceInsufficient) {
      return { outcome: "proof-needed", requirement: error.requirement };
    }
    if (error instanceof TokenInsufficient) {
      return { outcome: "token-insufficient", wants: error.wants };
    }
    throw error;
  }
}

interface Refusal {
  outcome: string;
  reason?: string;
  decisionId?: string;
}

/** Whether it was refused for what it reaches, and not for want of the permission. */
async function isBeyondOwn({ reason, decisionId }: Refusal): Promise<boolean> {
  if (reason !== "beyond-own-permissions" || decisionId === undefined) return false;
  const { trace } = await prisma().decisionTrace.findUniqueOrThrow({ where: { id: decisionId } });
  return readTrace(trace).kind === "beyond-own";
}

/** Asks on every surface, and does it; whether it was done, once all of them agree. */
async function agree(
  name: string,
  drawn: Rule[],
  { principal, context }: Facts,
  onInstance: boolean,
): Promise<Judgement["outcome"] | "beyond"> {
  const action = ACTIONS[name];
  if (action === undefined) throw new Error("there is no such action");
  const { subjectId, targetId, admin, organizationId } = stage;
  const { permission } = action;
  await clear();
  await write(permission, drawn, principal, onInstance);
  const base = await callerOf(subjectId);
  const [at, authTime] = [new Date(context.at), new Date(context.authTime)];
  const { ip, acr } = context;
  const means = context.means === "service" ? "session" : context.means;
  const session = { ...base.principal.session, acr, authTime };
  const caller: Caller = {
    principal: { ...base.principal, means, asOf: at, session },
    request: aRequest({ ip }),
  };
  const record = await action.record();
  const asked = {
    subject: { type: "user" as const, id: subjectId },
    permission: permission.key,
    record,
    circumstances: { at, ip, means, acr, authTime },
  };
  const simulated = await simulate(admin, asked, CATALOGUE);
  if (simulated.outcome !== "simulated") throw new Error(simulated.reason);
  const { judgement } = simulated;
  const source = CATALOGUE.resources[permission.resourceType];
  const row =
    record === null ? undefined : ((await source?.find(record, organizationId)) ?? undefined);
  const button = await can(caller, permission, row);
  expect(await answerOf(() => authorize(caller, permission, row))).toEqual(judgement);
  if (judgement.outcome === "allowed") expect(button).toBe(true);
  if (judgement.outcome === "denied") expect(button).toBe(false);

  const reaches = record === targetId ? await listBeyond(caller, targetId) : [];
  let result: Refusal = { outcome: "none" };
  const answer = await answerOf(async () => {
    result = await action.call(caller, record ?? "");
  });
  // A call about a record may ask for any record first, and is refused for what that says.
  if (record !== null && judgement.outcome === "denied") {
    expect(answer.outcome, `${name}: the call`).toBe("denied");
  } else expect(answer, `${name}: the call`).toEqual(judgement);
  const beyond = await isBeyondOwn(result);
  if (answer.outcome === "allowed") {
    if (result.outcome === "rejected") expect(beyond, JSON.stringify(result)).toBe(true);
    expect(beyond, "an offer says what the call is refused for").toBe(reaches.length > 0);
  }
  return beyond ? "beyond" : answer.outcome;
}

const isOfPolicy = ({ source }: Rule) => source.kind === "policy";

const POLICY = { kind: "policy", id: newId(), name: "A policy", number: 1 } as const;
/** Rules of which every other set is of policies alone. */
const someRules = (cast: Cast) =>
  fc
    .tuple(rules(cast), fc.boolean())
    .map(([drawn, alone]) =>
      drawn.map((rule): Rule => (alone ? { ...rule, source: POLICY } : rule)),
    );

/** Who has proven themselves just now, mostly: without that most of what is asked is refused for it. */
const someFacts = (cast: Cast) =>
  fc.tuple(facts(cast), fc.nat(3)).map(([known, n]): Facts => {
    if (n === 0) return known;
    const { at } = known.context;
    return { ...known, context: { ...known.context, authTime: at, acr: "urn:gatehouse:aal2" } };
  });

test("what is tried out, offered and asked is what is done, whatever allows it (F96)", {
  timeout: 600_000,
}, async () => {
  const seen = new Map<string, number>();
  const { cast } = stage;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(ACTIONS)),
      someRules(cast),
      someFacts(cast),
      fc.boolean(),
      async (name, drawn, known, onInstance) => {
        const outcome = await agree(name, drawn, known, onInstance);
        const allowing = drawn.filter(({ effect }) => effect === "allow");
        const by = allowing.every(isOfPolicy) ? "policy" : "role";
        seen.set(`${outcome} by ${by}`, (seen.get(`${outcome} by ${by}`) ?? 0) + 1);
      },
    ),
    { numRuns: CASES },
  );
  for (const what of [
    "allowed by policy",
    "allowed by role",
    "denied by policy",
    "denied by role",
  ]) {
    expect(seen.get(what) ?? 0, what).toBeGreaterThan(5);
  }
});

const HERE_AND_NOW: Facts = {
  principal: { kind: "user", id: "", organizationId: "", email: "", roleIds: [], teamIds: [] },
  context: {
    at: new Date().toISOString(),
    authTime: new Date().toISOString(),
    ip: "192.0.2.1",
    means: "session",
    acr: "urn:gatehouse:aal2",
  },
};

test.each(Object.keys(ACTIONS))("whom nothing but a policy allows it %s (F96)", async (name) => {
  const rule: Rule = { effect: "allow", source: POLICY, condition: null, fields: [] };
  expect(await agree(name, [rule], HERE_AND_NOW, true)).toBe("allowed");
});
