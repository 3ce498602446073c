import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { createRole } from "@/lib/authz/create-role";
import { deleteRole } from "@/lib/authz/delete-role";
import { describeRole } from "@/lib/authz/describe-role";
import { RoleGrants } from "@/lib/authz/role.schema";
import { setRolePermissions } from "@/lib/authz/set-role-permissions";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { assignServiceRoles } from "@/lib/service-accounts/service-roles";
import type { Caller } from "@/lib/shared/caller";
import { createTeam } from "@/lib/teams/create-team";
import { deleteTeam } from "@/lib/teams/delete-team";
import { describeTeam } from "@/lib/teams/describe-team";
import { moveTeam } from "@/lib/teams/move-team";
import { addTeamMember, removeTeamMember } from "@/lib/teams/team-members";
import { giveTeamRole, takeTeamRole } from "@/lib/teams/team-roles";
import { addUser } from "@/lib/users/add-user";
import { assignRoles } from "@/lib/users/assign-roles";
import { updateUser } from "@/lib/users/update-user";
import { anInstance, aRequest } from "@/tests/support/builders";
import {
  at,
  buildWorld,
  conditionFrom,
  grantsShape,
  removeWorld,
  type Shape,
  SPECIAL,
  type World,
  worldShape,
} from "@/tests/support/delegation-world";
import {
  beyond,
  type Effective,
  effectiveOfService,
  effectiveOfUser,
  gainOf,
  readTables,
} from "@/tests/support/effective";

// Delegated administration escalated in one product after the other (ATK-42). Here a delegate of
// one organization tries everything that changes what somebody may do, in any order, in arbitrary
// graphs. What everybody may do before and after is worked out by tests/support/effective.ts,
// which knows nothing of how the product does that.

const place = fc.nat(7);
const places = fc.uniqueArray(place, { maxLength: 3 });
const kind = <K extends string>(name: K) => fc.constant(name);

const step = fc.oneof(
  fc.record({ kind: kind("assign"), user: place, roles: places }),
  fc.record({ kind: kind("create-role"), grants: grantsShape }),
  fc.record({ kind: kind("edit-role"), role: place, grants: grantsShape }),
  fc.record({ kind: kind("describe-role"), role: place }),
  fc.record({ kind: kind("delete-role"), role: place }),
  fc.record({ kind: kind("create-team"), parent: fc.option(place) }),
  fc.record({ kind: kind("describe-team"), team: place }),
  fc.record({ kind: kind("move-team"), team: place, parent: fc.option(place) }),
  fc.record({ kind: kind("delete-team"), team: place }),
  fc.record({ kind: kind("add-member"), team: place, user: place }),
  fc.record({ kind: kind("add-member"), team: place, user: place }),
  fc.record({ kind: kind("remove-member"), team: place, user: place }),
  fc.record({ kind: kind("give-role"), team: place, role: place, soon: fc.boolean() }),
  fc.record({ kind: kind("give-role"), team: place, role: place, soon: fc.boolean() }),
  fc.record({ kind: kind("take-role"), team: place, role: place }),
  fc.record({ kind: kind("service"), roles: places }),
  fc.record({ kind: kind("add-user"), roles: places, special: fc.boolean() }),
  fc.record({ kind: kind("address"), user: place, special: fc.boolean() }),
  fc.record({ kind: kind("disable"), user: place }),
  fc.record({ kind: kind("rename"), user: place }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

beforeAll(async () => {
  await anInstance();
});

/** As the session query would describe them now, in the organization that they administer. */
async function delegateOf({ users, here }: World): Promise<Caller> {
  const user = await prisma().user.findUniqueOrThrow({ where: { id: at(users, 0) } });
  const instance = await prisma().instance.findUniqueOrThrow({ where: { id: 1 } });
  return {
    principal: {
      userId: user.id,
      email: user.email,
      name: null,
      organizationId: here,
      organizationName: "Organization",
      means: "session",
      asOf: new Date(),
      networks: [],
      clientId: null,
      session: {
        id: newId(),
        acr: "urn:gatehouse:aal1",
        amr: ["pwd"],
        authTime: new Date(),
        deviceTrusted: false,
        idleBeyondSeconds: null,
      },
      secondFactorEnrolled: false,
      mfaRequired: false,
      adminMfaRequired: false,
      passwordExpired: false,
      grantsVersion: `${user.grantsVersion}.${instance.authzVersion}`,
    },
    request: aRequest(),
  };
}

const TERMS = { expectedVersion: null, confirmed: true };

const grantsFrom = (shape: Record<string, Shape | null>, world: World) =>
  RoleGrants.parse(
    Object.fromEntries(
      Object.entries(shape).map(([key, condition]) => {
        if (condition === null) return [key, "all"];
        return [key, condition.kind === "own" ? "own" : conditionFrom(condition, world)];
      }),
    ),
  );

const anAddress = (special: boolean) => `${newId()}@${special ? SPECIAL : "example.com"}`;

/** What was asked for, and the answer; whatever comes to be can be the target of a later step. */
async function take(caller: Caller, next: Step, world: World): Promise<{ outcome: string }> {
  const { users, roles, teams } = world;
  const rolesAt = (list: number[]) => [...new Set(list.map((it) => at(roles, it)))];
  switch (next.kind) {
    case "assign":
      return assignRoles(caller, at(users, next.user), rolesAt(next.roles), TERMS);
    case "create-role": {
      const grants = grantsFrom(next.grants, world);
      const result = await createRole(caller, { name: newId(), description: "", grants });
      if (result.outcome === "created") roles.push(result.role.id);
      return result;
    }
    case "edit-role":
      return setRolePermissions(
        caller,
        at(roles, next.role),
        grantsFrom(next.grants, world),
        TERMS,
      );
    case "describe-role":
      return describeRole(caller, at(roles, next.role), { name: newId() }, TERMS);
    case "delete-role":
      return deleteRole(caller, at(roles, next.role), TERMS);
    case "create-team": {
      const parentId = next.parent === null ? null : at(teams, next.parent);
      const result = await createTeam(caller, { name: newId(), description: "", parentId });
      if (result.outcome === "created") teams.push(result.team.id);
      return result;
    }
    case "describe-team":
      return describeTeam(caller, at(teams, next.team), { name: newId() }, null);
    case "move-team": {
      const parentId = next.parent === null ? null : at(teams, next.parent);
      return moveTeam(caller, at(teams, next.team), parentId, TERMS);
    }
    case "delete-team":
      return deleteTeam(caller, at(teams, next.team), TERMS);
    case "add-member":
      return addTeamMember(caller, at(teams, next.team), at(users, next.user));
    case "remove-member":
      return removeTeamMember(caller, at(teams, next.team), at(users, next.user), TERMS);
    case "give-role": {
      const expiresAt = next.soon ? new Date(Date.now() + 3_600_000) : null;
      return giveTeamRole(caller, at(teams, next.team), {
        roleId: at(roles, next.role),
        expiresAt,
      });
    }
    case "take-role":
      return takeTeamRole(caller, at(teams, next.team), at(roles, next.role), TERMS);
    case "service":
      return assignServiceRoles(caller, world.service, rolesAt(next.roles));
    case "add-user": {
      const email = anAddress(next.special);
      const user = { email, name: null, status: "pending", roleIds: rolesAt(next.roles) } as const;
      const result = await addUser(caller, user, async () => {});
      if (result.outcome === "created") users.push(result.user.id);
      return result;
    }
    case "address":
      return updateUser(caller, at(users, next.user), { email: anAddress(next.special) }, TERMS);
    case "disable":
      return updateUser(caller, at(users, next.user), { status: "disabled" }, TERMS);
    case "rename":
      return updateUser(caller, at(users, next.user), { name: newId() }, TERMS);
  }
}

interface State {
  held: Map<string, Effective>;
  people: Map<string, { row: string; roleIds: string[] }>;
  roles: ReadonlyMap<string, unknown>;
}

/** What everybody may do anywhere, and the rows that name them. */
async function stateOf({ users, service, here, elsewhere }: World): Promise<State> {
  const tables = await readTables();
  const everywhere = [here, elsewhere, "somewhere else"];
  const held = new Map(users.map((id) => [id, effectiveOfUser(tables, id, everywhere)]));
  held.set(service, effectiveOfService(tables, service, everywhere));
  held.set("nobody yet", effectiveOfUser(tables, "nobody yet", everywhere));
  const rows = await prisma().user.findMany({ where: { id: { in: users } } });
  const people = new Map(
    rows.map(({ id, email, name, status }) => {
      const grants = tables.grants.filter((it) => it.userId === id);
      const roleIds = grants.map(({ roleId, organizationId }) => `${roleId} in ${organizationId}`);
      const teams = tables.memberships.filter((it) => it.userId === id).map((it) => it.teamId);
      const row = JSON.stringify([email, name, status, teams.toSorted()]);
      return [id, { row, roleIds }];
    }),
  );
  return { held, people, roles: tables.roles };
}

let taken = 0;
let done = 0;

test("a delegate gives nobody, and takes from nobody, what they did not hold at first (ATK-42)", {
  timeout: 600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      worldShape,
      fc.array(step, { minLength: 1, maxLength: 10 }),
      async (shape, steps) => {
        const world = await buildWorld(shape);
        const delegate = at(world.users, 0);
        const before = await stateOf(world);
        const own = before.held.get(delegate) ?? new Map();
        const beyondOwn = (held: Effective | undefined) => beyond(own, held ?? new Map());
        const above = world.users.filter((id) => beyondOwn(before.held.get(id)).length > 0);
        for (const next of steps) {
          try {
            const { outcome } = await take(await delegateOf(world), next, world);
            taken += 1;
            if (outcome !== "rejected" && outcome !== "not-found") done += 1;
          } catch (error) {
            if (!(error instanceof AccessDenied)) throw error;
          }
        }
        const after = await stateOf(world);
        const nobody = before.held.get("nobody yet") ?? new Map();
        for (const [id, is] of after.held) {
          const was = before.held.get(id) ?? nobody;
          expect(beyondOwn(gainOf(was, is)), "nothing comes that the delegate lacked").toEqual([]);
          expect(beyondOwn(gainOf(is, was)), "nothing goes that the delegate lacked").toEqual([]);
        }
        for (const id of above) {
          const [was, is] = [before.people.get(id), after.people.get(id)];
          // A role that is deleted is gone from all who had it; that it gave no more is seen above.
          const left = was?.roleIds.filter((it) => after.roles.has(it.split(" ")[0] ?? ""));
          expect(is, "nobody above is changed").toEqual({ row: was?.row, roleIds: left });
        }
        await removeWorld(world);
      },
    ),
    { numRuns: 100 },
  );
  expect(done, "changes were made, and not only refused").toBeGreaterThan(100);
  expect(taken - done, "changes were refused, and not only made").toBeGreaterThan(100);
});
