import { beforeEach, expect, test } from "vitest";
import { couldCount, surelyCounts } from "@/lib/authz/could-hold";
import type { Facts } from "@/lib/authz/facts";
import { readRulesOf } from "@/lib/authz/load-rules";
import type { DutyConflictInput } from "@/lib/duties/duty.schema";
import { listViolations, type Violation } from "@/lib/duties/list-violations";
import { createConflict } from "@/lib/duties/manage-conflicts";
import { waiveConflict } from "@/lib/duties/waivers";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { activateVersion } from "@/lib/policies/put-in-force";
import type { Caller } from "@/lib/shared/caller";
import { addTeamMember } from "@/lib/teams/team-members";
import { assignRoles } from "@/lib/users/assign-roles";
import { updateUser } from "@/lib/users/update-user";
import { aClient } from "@/tests/support/authorization-server";
import { aCaller, aUser } from "@/tests/support/builders";
import { aPolicy } from "@/tests/support/policies";
import { ASKED, aRandomWorld, Random } from "@/tests/support/random-world";
import { aRole, give } from "@/tests/support/roles";
import { aTeam, defaultOrganizationId } from "@/tests/support/teams";

// A policy that allows is a path to a duty like any other (F98): what its condition asks of who somebody
// is is judged, and what it asks of a request or a record could be met, which counts.

const CONFLICT: DutyConflictInput = {
  name: "Write and delete",
  description: "",
  left: ["create_invoice"],
  right: ["delete_invoice"],
  everywhere: false,
};
const TERMS = { expectedVersion: null, confirmed: true };
const REFUSED = { outcome: "rejected", reason: "duty-conflict", conflicts: ["Write and delete"] };
const OFFICE = { kind: "network", ranges: ["192.0.2.0/24"] };

let admin: Caller;

beforeEach(async () => {
  await prisma().dutyConflict.deleteMany();
  await prisma().policy.deleteMany();
  admin = await aCaller({ roles: ["Admin"] });
});

async function aConflict(input: Partial<DutyConflictInput> = {}): Promise<string> {
  const result = await createConflict(admin, { ...CONFLICT, ...input });
  if (result.outcome !== "created") throw new Error(JSON.stringify(result));
  return result.conflict.id;
}

/** Somebody who writes invoices by a role. */
async function aWriter() {
  const user = await aUser({ roles: [] });
  await give(user.id, await aRole({ create_invoice: "all" }));
  return user;
}

/** A policy of the organization that lets these delete invoices. */
const deletersAre = async (condition: object, stage: "active" | "draft" = "active") =>
  aPolicy(["delete_invoice"], {
    effect: "allow",
    condition,
    stage,
    organizationId: await defaultOrganizationId(),
  });

const violationOf = async (userId: string): Promise<Violation | undefined> =>
  (await listViolations(admin)).violations.find(({ holderId }) => holderId === userId);

test.each([
  ["about who somebody is", (id: string) => ({ kind: "user", ids: [id] })],
  [
    "about who somebody is and their request",
    (id: string) => ({ kind: "all", conditions: [{ kind: "user", ids: [id] }, OFFICE] }),
  ],
  ["about records", () => ({ kind: "own" })],
])("a policy that allows the other half on a condition %s is not put in force", async (_, of) => {
  const [writer, other] = [await aWriter(), await aUser({ roles: [] })];
  await aConflict();
  const policyId = await deletersAre(of(writer.id), "draft");
  expect(await activateVersion(admin, policyId, 1, TERMS)).toMatchObject({
    ...REFUSED,
    people: expect.arrayContaining([writer.email]),
  });
  const harmless = await deletersAre({ kind: "user", ids: [other.id] }, "draft");
  expect(await activateVersion(admin, harmless, 1, TERMS)).toMatchObject({ outcome: "changed" });
});

test("whoever comes to be whom a policy asks for is judged, by every way of coming to be that", async () => {
  const writer = await aWriter();
  const teamId = await aTeam();
  const roleId = await aRole({});
  const domain = `${newId()}.example`;
  await aConflict();
  await deletersAre({
    kind: "any",
    conditions: [
      { kind: "team", ids: [teamId] },
      { kind: "role", ids: [roleId] },
      { kind: "email-domain", domains: [domain] },
    ],
  });
  expect(await violationOf(writer.id)).toBeUndefined();
  expect(await addTeamMember(admin, teamId, writer.id)).toMatchObject(REFUSED);
  const email = `ann@${domain}`;
  expect(await updateUser(admin, writer.id, { email }, TERMS)).toMatchObject(REFUSED);
  const roles = await prisma().userRole.findMany({ where: { userId: writer.id } });
  const held = roles.map((row) => row.roleId);
  expect(await assignRoles(admin, writer.id, [...held, roleId], TERMS)).toMatchObject(REFUSED);
  // Whoever has one half alone may be whom the policy asks for.
  const reader = await aUser({ roles: [] });
  expect(await addTeamMember(admin, teamId, reader.id)).not.toMatchObject(REFUSED);
});

test("a service account that has had no role yet is one of the installation's own (ATK-42)", async () => {
  const organizationId = await defaultOrganizationId();
  await createConflict(admin, CONFLICT);
  const { clientId } = await aClient({ name: "Bare", kind: "service" });
  const condition = { kind: "user", ids: [clientId] };
  const allowing = (key: string, stage: "active" | "draft") =>
    aPolicy([key], { effect: "allow", organizationId, condition, stage });
  await allowing("create_invoice", "active");
  const second = await allowing("delete_invoice", "draft");
  expect(await activateVersion(admin, second, 1, TERMS)).toMatchObject({
    ...REFUSED,
    people: ["Bare"],
  });
  await prisma().policy.update({ where: { id: second }, data: { activeNumber: 1 } });
  const { violations } = await listViolations(admin);
  expect(violations.map(({ holderId }) => holderId)).toContain(clientId);
});

test("a waiver removes the refusal, and the report says by which policy, and whether surely", async () => {
  const writer = await aWriter();
  const conflictId = await aConflict();
  await prisma().dutyWaiver.deleteMany();
  const waiver = { conflictId, user: writer.id, reason: "For the audit.", days: 5 };
  expect(await waiveConflict(admin, waiver)).toMatchObject({ outcome: "waived" });
  const isWriter = { kind: "user", ids: [writer.id] };
  const policyId = await deletersAre(isWriter, "draft");
  expect(await activateVersion(admin, policyId, 1, TERMS)).toMatchObject({ outcome: "changed" });
  await deletersAre({ kind: "all", conditions: [isWriter, OFFICE] });
  const violation = await violationOf(writer.id);
  expect(violation?.waivedUntil).toBeInstanceOf(Date);
  expect(violation?.paths.filter(({ by }) => by === "policy")).toMatchObject([
    { side: "right", permissionKey: "delete_invoice", sure: true },
    { side: "right", permissionKey: "delete_invoice", sure: false },
  ]);
});

test("who is in the report is who could hold both, as every rule is read one by one", async () => {
  const random = new Random(98);
  const known = { sure: 0, possible: 0, none: 0 };
  for (let round = 0; round < 6; round += 1) {
    await prisma().policy.deleteMany();
    await prisma().dutyConflict.deleteMany();
    const world = await aRandomWorld(random, { users: 8, roles: 5, policies: 7, invoices: 0 });
    const keys = ASKED.map(({ key }) => key);
    for (let index = 0; index < 4; index += 1) {
      const left = random.pick(keys);
      const right = random.pick(keys.filter((key) => key !== left));
      await aConflict({ name: `Conflict ${index}`, left: [left], right: [right] });
    }
    const conflicts = await prisma().dutyConflict.findMany();
    const { violations } = await listViolations(admin);
    for (const { id, email } of world.users) {
      const owner = { means: "session", userId: id, organizationId: world.organizationId } as const;
      const loaded = await readRulesOf(owner);
      const facts: Facts = {
        principal: {
          kind: "user",
          id,
          organizationId: world.organizationId,
          email,
          ...loaded.held,
        },
        context: { at: "", ip: null, means: "session", acr: "", authTime: "" },
      };
      const about = (key: string) =>
        (loaded.rules.get(key) ?? []).filter(({ effect }) => effect === "allow");
      const holds = (key = "") =>
        about(key).some((rule) => rule.source.kind === "grant" || couldCount(rule, facts));
      for (const conflict of conflicts) {
        const found = violations.find(
          ({ conflictId, holderId }) => conflictId === conflict.id && holderId === id,
        );
        const both = holds(conflict.leftKeys[0]) && holds(conflict.rightKeys[0]);
        expect(
          found !== undefined,
          `${email}: ${conflict.leftKeys.join()} and ${conflict.rightKeys.join()}`,
        ).toBe(both);
        if (found === undefined) known.none += 1;
        for (const path of found?.paths ?? []) {
          if (path.by !== "policy") continue;
          known[path.sure ? "sure" : "possible"] += 1;
          const rule = about(path.permissionKey).find(
            ({ source }) => source.kind === "policy" && source.name === path.policyName,
          );
          expect(rule && surelyCounts(rule, facts), path.policyName).toBe(path.sure);
        }
      }
    }
  }
  expect(Math.min(known.sure, known.possible, known.none), JSON.stringify(known)).toBeGreaterThan(
    5,
  );
}, 180_000);
