import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type Written } from "@/app/_impact/preview-change";
import { approveRequest } from "@/lib/access-requests/review-request";
import { deleteRole } from "@/lib/authz/delete-role";
import type { Impact } from "@/lib/authz/impact/impact";
import { previewImpact } from "@/lib/authz/impact/preview-impact";
import type { Probe } from "@/lib/authz/impact/probe";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { setRoleInheritance } from "@/lib/authz/set-role-inheritance";
import { setRolePermissions } from "@/lib/authz/set-role-permissions";
import { removeMember } from "@/lib/memberships/remove-member";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { activateVersion, deactivatePolicy } from "@/lib/policies/put-in-force";
import { assignServiceRoles } from "@/lib/service-accounts/service-roles";
import type { Caller } from "@/lib/shared/caller";
import { deleteTeam } from "@/lib/teams/delete-team";
import { moveTeam } from "@/lib/teams/move-team";
import { addTeamMember, removeTeamMember } from "@/lib/teams/team-members";
import { giveTeamRole, takeTeamRole } from "@/lib/teams/team-roles";
import { addUser } from "@/lib/users/add-user";
import { assignRoles } from "@/lib/users/assign-roles";
import { deleteUser } from "@/lib/users/delete-user";
import { updateUser } from "@/lib/users/update-user";
import { differences, KEYS, reachedBy } from "@/tests/support/brute-force";
import { aCaller, aRequest, aUser, callerOf } from "@/tests/support/builders";
import { anOrganization } from "@/tests/support/organizations";
import { stateOfEverything } from "@/tests/support/previews";
import {
  aGrantsOf,
  aPersonOf,
  aPolicyOf,
  aRoleOf,
  aTeamOf,
  type Built,
  build,
  State,
} from "@/tests/support/random-state";

// What a preview says against what is worked out the long way before and after the save, for every
// kind of change that has a preview, over random states.

let admin: Caller;
let authors: string[] = [];
let elsewhere = "";

beforeAll(async () => {
  // Two, so that neither is the last one.
  const other = await aUser({ roles: ["Admin"] });
  admin = await aCaller({ roles: ["Admin"] });
  authors = [admin.principal.userId, other.id];
  elsewhere = (await anOrganization()).id;
});

const roleSet = fc.uniqueArray(aRoleOf, { maxLength: 3 });
const of = <K extends string, T extends object>(
  kind: K,
  parts: { [P in keyof T]: fc.Arbitrary<T[P]> },
) => fc.record({ kind: fc.constant(kind), ...parts }) as fc.Arbitrary<{ kind: K } & T>;

const Change = fc.oneof(
  of("permissions", { role: aRoleOf, grants: aGrantsOf }),
  of("inheritance", { role: aRoleOf, roles: roleSet }),
  of("role-deletion", { role: aRoleOf }),
  of("assignment", { person: aPersonOf, roles: roleSet }),
  of("approval", { person: aPersonOf, role: aRoleOf }),
  of("into-team", { team: aTeamOf, person: aPersonOf }),
  of("out-of-team", { team: aTeamOf, person: aPersonOf }),
  of("team-role", { team: aTeamOf, role: aRoleOf, ends: fc.boolean() }),
  of("team-role-end", { team: aTeamOf, role: aRoleOf }),
  of("team-move", { team: aTeamOf, parent: fc.option(aTeamOf) }),
  of("team-deletion", { team: aTeamOf }),
  of("policy", { policy: aPolicyOf, number: fc.constantFrom(1, 2) }),
  of("policy-end", { policy: aPolicyOf }),
  of("membership-end", { person: aPersonOf }),
  of("disabling", { person: aPersonOf }),
  of("enabling", { person: aPersonOf }),
  of("address", { person: aPersonOf, domain: fc.constantFrom("odd.example", "even.example") }),
  of("user-deletion", { person: aPersonOf }),
  of("new-user", { roles: roleSet, domain: fc.constantFrom("odd.example", "even.example") }),
  of("service", { roles: roleSet }),
);

type ChangeValue = typeof Change extends fc.Arbitrary<infer T> ? T : never;

interface Step {
  written: Written;
  run(probe?: Probe): Promise<{ outcome: string }>;
}

/** The very use case, and whose own rows it writes, as its form and its API call name them. */
async function stepOf(change: ChangeValue, author: Caller, built: Built): Promise<Step> {
  const terms = (probe?: Probe) => ({ expectedVersion: null, confirmed: false, probe });
  const { organizationId } = author.principal;
  const roleOf = (place: number) => built.roles[place] as string;
  const teamOf = (place: number) => built.teams[place] as string;
  const person = "person" in change ? (built.people[change.person] as string) : "";
  const written = person === "" ? {} : { userIds: [person] };
  const step = (run: Step["run"]): Step => ({ written, run });
  switch (change.kind) {
    case "permissions":
      return step((probe) =>
        setRolePermissions(author, roleOf(change.role), change.grants, terms(probe)),
      );
    case "inheritance":
      return step((probe) =>
        setRoleInheritance(author, roleOf(change.role), change.roles.map(roleOf), terms(probe)),
      );
    case "role-deletion":
      return step((probe) => deleteRole(author, roleOf(change.role), terms(probe)));
    case "assignment":
      return step((probe) => assignRoles(author, person, change.roles.map(roleOf), terms(probe)));
    case "approval": {
      const id = newId();
      const roleId = roleOf(change.role);
      const asker = await prisma().user.count({ where: { id: person } });
      const asked = await prisma().role.count({ where: { id: roleId } });
      // An earlier change may have deleted either: then there is no request, and no approval.
      const data = { id, organizationId, userId: person, roleId };
      const requests = asker === 1 && asked === 1 ? [data] : [];
      await prisma().accessRequest.createMany({
        data: requests.map((request) => ({
          ...request,
          roleName: "Role",
          reason: "Close the books",
          durationSeconds: 3_600,
          expiresAt: new Date(Date.now() + 3_600_000),
        })),
      });
      return step((probe) => approveRequest(author, id, "", probe));
    }
    case "into-team":
      return step((probe) => addTeamMember(author, teamOf(change.team), person, { probe }));
    case "out-of-team":
      return step((probe) => removeTeamMember(author, teamOf(change.team), person, terms(probe)));
    case "team-role": {
      const expiresAt = change.ends ? new Date(Date.now() + 3_600_000) : null;
      const role = { roleId: roleOf(change.role), expiresAt };
      return step((probe) => giveTeamRole(author, teamOf(change.team), role, { probe }));
    }
    case "team-role-end":
      return step((probe) =>
        takeTeamRole(author, teamOf(change.team), roleOf(change.role), terms(probe)),
      );
    case "team-move": {
      const parentId = change.parent === null ? null : teamOf(change.parent);
      return step((probe) => moveTeam(author, teamOf(change.team), parentId, terms(probe)));
    }
    case "team-deletion":
      return step((probe) => deleteTeam(author, teamOf(change.team), terms(probe)));
    case "policy": {
      const id = built.policies[change.policy] as string;
      return step((probe) => activateVersion(author, id, change.number, terms(probe)));
    }
    case "policy-end": {
      const id = built.policies[change.policy] as string;
      return step((probe) => deactivatePolicy(author, id, terms(probe)));
    }
    case "membership-end":
      return step((probe) => removeMember(author, organizationId, person, probe));
    case "disabling":
    case "enabling": {
      const status = change.kind === "disabling" ? "disabled" : "active";
      return step((probe) => updateUser(author, person, { status }, terms(probe)));
    }
    case "address": {
      const email = `${newId()}@${change.domain}`;
      return step((probe) => updateUser(author, person, { email }, terms(probe)));
    }
    case "user-deletion":
      return step((probe) => deleteUser(author, person, terms(probe)));
    case "new-user": {
      const id = newId();
      built.people.push(id);
      const email = `${id}@${change.domain}`;
      const roleIds = change.roles.map(roleOf);
      return {
        written: { userIds: [id], newcomer: { id, name: null, email } },
        run: (probe) =>
          addUser(
            author,
            { email, name: null, status: "pending", roleIds },
            async () => async () => {},
            {
              id,
              probe,
            },
          ),
      };
    }
    case "service":
      return {
        written: { clientIds: [built.clientId] },
        run: (probe) => assignServiceRoles(author, built.clientId, change.roles.map(roleOf), probe),
      };
  }
}

const CHECKED: readonly string[] = KEYS;

const linesIn = (
  { named, namedServices }: Impact,
  organizationId: string,
): Record<string, string> =>
  Object.fromEntries(
    [...named, ...namedServices.map(({ clientId, lines }) => ({ id: clientId, lines }))].flatMap(
      ({ id, lines }) =>
        lines
          .filter((line) => CHECKED.includes(line.permissionKey))
          .map((line) => {
            expect(line.organizationId).toBe(organizationId);
            return [`${id} ${organizationId} ${line.permissionKey}`, line.difference];
          }),
    ),
  );

/** As much as one state is put through, one change after the other. */
const Changes = fc.array(Change, { minLength: 5, maxLength: 5 });

test("a preview says what a save then makes of every person, service account, permission and record", async () => {
  const { userId, organizationId } = admin.principal;
  const differing = new Set<string>();

  async function compare(change: ChangeValue, built: Built): Promise<void> {
    const author = { ...(await callerOf(userId)), request: aRequest() };
    const { written, run } = await stepOf(change, author, built);
    const before = await reachedBy(built.people, [built.clientId]);
    const state = await stateOfEverything();
    // Names are seen by what no policy here denies.
    const options = { naming: ROLE_PERMISSIONS.view, ...written };
    const previewed = await previewImpact(author, options, run);
    // A refusal is recorded, as that of a save is.
    if ("impact" in previewed) expect(await stateOfEverything()).toBe(state);
    const saved = await run();
    const after = await reachedBy(built.people, [built.clientId]);
    if (!("impact" in previewed)) {
      const { decisionId: _, ...refused } = saved as { decisionId?: string };
      expect(previewed).toMatchObject(refused);
      expect(after).toEqual(before);
      return;
    }
    const { impact } = previewed as { impact: Impact };
    expect(impact.foretold).toEqual(saved.outcome === "rejected" ? saved : null);
    if (saved.outcome === "rejected") return expect(after).toEqual(before);

    const expected = Object.entries(differences(before, after));
    const [services, people] = [true, false].map((isService) =>
      expected.filter(([place]) => place.startsWith(built.clientId) === isService),
    ) as [typeof expected, typeof expected];
    // A service account is named where its own roles are written.
    const named = change.kind === "service" ? expected : people;
    const here = named.filter(([place]) => place.includes(organizationId));
    expect(linesIn(impact, organizationId)).toEqual(Object.fromEntries(here));
    expect(impact.people).toBe(new Set(people.map(([place]) => place.split(" ")[0])).size);
    expect(impact.services).toBe(services.length > 0 ? 1 : 0);
    if (expected.length > 0) differing.add(change.kind);
  }

  await fc.assert(
    fc.asyncProperty(State, Changes, async (state, changes) => {
      const built = await build(state, { authors, organizationId }, elsewhere);
      try {
        for (const change of changes) await compare(change, built);
      } finally {
        // Policies reach everybody who is there, and nobody of an earlier state is to be.
        await prisma().policy.updateMany({ data: { activeNumber: null } });
        const spent = { id: { in: built.people } };
        await prisma().user.updateMany({ where: spent, data: { status: "disabled" } });
        await prisma().serviceAccount.deleteMany({ where: { clientId: built.clientId } });
      }
    }),
    { numRuns: 24 },
  );
  // Of the twenty kinds; which of them differ is chance, that most do is not.
  expect(differing.size).toBeGreaterThan(11);
}, 600_000);
