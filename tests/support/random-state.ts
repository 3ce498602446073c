import fc from "fast-check";
import type { RoleGrants } from "@/lib/authz/role.schema";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { KEYS } from "@/tests/support/brute-force";
import { aRole } from "@/tests/support/roles";

// A state of who may do what, at random: roles that inherit, teams within teams, policies on
// conditions, grants with ends, members of two organizations, a service account.

export const ROLES = 5;
export const TEAMS = 3;
export const PEOPLE = 5;
export const POLICIES = 2;
export const VERSIONS = 2;

const index = (count: number) => fc.integer({ min: 0, max: count - 1 });
export const aRoleOf = index(ROLES);
export const aTeamOf = index(TEAMS);
export const aPersonOf = index(PEOPLE);
export const aPolicyOf = index(POLICIES);

const SMALL = { kind: "field", field: "amount", operator: "at-most", value: 100 } as const;

export const aGrantsOf = fc
  .dictionary(fc.constantFrom(...KEYS), fc.constantFrom("all", "own", SMALL), {
    minKeys: 1,
    maxKeys: 3,
  })
  .map(
    (given) =>
      Object.fromEntries(
        Object.entries(given).filter(([key, reach]) => key !== "view_users" || reach !== SMALL),
      ) as RoleGrants,
  );

/** When a grant ends, if it does; what has ended is there and counts for nothing. */
const anEnd = fc.constantFrom(null, null, "future" as const, "past" as const);
const at = (end: "future" | "past" | null): { expiresAt?: Date } =>
  end === null ? {} : { expiresAt: new Date(Date.now() + (end === "past" ? -1 : 1) * 86_400_000) };

/** At most one part is about the record: two of them could meet no record together, unseen (decision 0043). */
const Asked = fc.record({
  record: fc.constantFrom("own" as const, "small" as const, null),
  principal: fc.constantFrom("role", "team", "user", "domain", null),
  negated: fc.boolean(),
  joined: fc.constantFrom("all" as const, "any" as const),
  role: aRoleOf,
  team: aTeamOf,
  person: aPersonOf,
});

const Version = fc.record({
  effect: fc.constantFrom("allow" as const, "deny" as const),
  keys: fc.uniqueArray(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 2 }),
  asked: Asked,
});

export const State = fc.record({
  grants: fc.array(aGrantsOf, { minLength: ROLES, maxLength: ROLES }),
  /** From the higher to the lower, so that there is no way round. */
  inherits: fc.uniqueArray(fc.tuple(aRoleOf, aRoleOf), { maxLength: 8, selector: String }),
  held: fc.uniqueArray(fc.tuple(aPersonOf, aRoleOf, anEnd, fc.boolean()), {
    maxLength: 10,
    selector: ([person, role]) => `${person} ${role}`,
  }),
  /** A team is within an earlier one, or within none. */
  parents: fc.array(fc.option(aTeamOf), { minLength: TEAMS, maxLength: TEAMS }),
  teamRoles: fc.uniqueArray(fc.tuple(aTeamOf, aRoleOf, anEnd), {
    minLength: 2,
    maxLength: 5,
    selector: ([team, role]) => `${team} ${role}`,
  }),
  teamMembers: fc.uniqueArray(fc.tuple(aTeamOf, aPersonOf), {
    minLength: 3,
    maxLength: 8,
    selector: String,
  }),
  disabled: fc.uniqueArray(aPersonOf, { maxLength: 1 }),
  elsewhere: fc.uniqueArray(aPersonOf, { minLength: 2, maxLength: 4 }),
  serviceRoles: fc.uniqueArray(aRoleOf, { maxLength: 2 }),
  policies: fc.array(
    fc.record({
      versions: fc.array(Version, { minLength: VERSIONS, maxLength: VERSIONS }),
      active: fc.constantFrom(null, 1, 2),
    }),
    { minLength: POLICIES, maxLength: POLICIES },
  ),
});

type StateValue = typeof State extends fc.Arbitrary<infer T> ? T : never;

export interface Built {
  people: string[];
  roles: string[];
  teams: string[];
  policies: string[];
  clientId: string;
}

/** Writes it past every rule. Those who could author the changes are none of the people. */
export async function build(
  state: StateValue,
  { authors, organizationId }: { authors: string[]; organizationId: string },
  otherOrganizationId: string,
): Promise<Built> {
  const people: string[] = [];
  for (let place = 0; place < PEOPLE; place += 1) {
    const id = newId();
    people.push(id);
    await prisma().user.create({
      data: {
        id,
        email: `${id}@${place % 3 === 0 ? "odd" : "even"}.example`,
        status: state.disabled.includes(place) ? "disabled" : "active",
        memberships: {
          create: [
            { organizationId },
            ...(state.elsewhere.includes(place) ? [{ organizationId: otherOrganizationId }] : []),
          ],
        },
      },
    });
  }
  const roles: string[] = [];
  for (const given of state.grants) roles.push(await aRole(given));
  const roleOf = (place: number) => roles[place] as string;
  const edges = state.inherits.filter(([heir, inherited]) => heir > inherited);
  for (const [heir, inherited] of edges) {
    await prisma().roleInheritance.create({
      data: { roleId: roleOf(heir), inheritedRoleId: roleOf(inherited) },
    });
  }
  for (const [person, role, end, here] of state.held) {
    await prisma().userRole.create({
      data: {
        userId: people[person] as string,
        roleId: roleOf(role),
        ...(here && { organizationId }),
        ...at(end),
      },
    });
  }
  const teams: string[] = [];
  for (const [place, parent] of state.parents.entries()) {
    const id = newId();
    const parentId = parent !== null && parent < place ? (teams[parent] as string) : null;
    await prisma().team.create({ data: { id, organizationId, name: `Team ${id}`, parentId } });
    teams.push(id);
  }
  const teamOf = (place: number) => teams[place] as string;
  for (const [team, role, end] of state.teamRoles) {
    await prisma().teamRole.create({
      data: { teamId: teamOf(team), roleId: roleOf(role), ...at(end) },
    });
  }
  for (const [team, person] of state.teamMembers) {
    await prisma().teamMembership.create({
      data: { teamId: teamOf(team), userId: people[person] as string, organizationId },
    });
  }
  const clientId = newId();
  await prisma().oidcClient.create({
    data: { id: clientId, name: "Job", kind: "service", authMethod: "client_secret_basic" },
  });
  await prisma().serviceAccount.create({ data: { clientId, organizationId } });
  for (const role of state.serviceRoles) {
    await prisma().serviceAccountRole.create({ data: { clientId, roleId: roleOf(role) } });
  }
  const built: Built = { people, roles, teams, policies: [], clientId };
  for (const { versions, active } of state.policies) {
    const id = newId();
    await prisma().policy.create({ data: { id, name: `Policy ${id}` } });
    for (const [place, version] of versions.entries()) {
      const { effect } = version;
      // Of users there is no amount.
      const permissions = version.keys.filter(
        (key) => version.asked.record !== "small" || key !== "view_users",
      );
      const condition = conditionOf(version, built, authors);
      await prisma().policyVersion.create({
        data: {
          policyId: id,
          number: place + 1,
          effect,
          permissions: permissions.length === 0 ? ["view_invoice"] : permissions,
          ...(condition !== null && { condition: condition as never }),
        },
      });
    }
    await prisma().policy.update({ where: { id }, data: { activeNumber: active } });
    built.policies.push(id);
  }
  return built;
}

function conditionOf(
  { effect, asked }: typeof Version extends fc.Arbitrary<infer T> ? T : never,
  { roles, teams, people }: Built,
  authors: string[],
): unknown {
  const { record, principal, negated, joined, role, team, person } = asked;
  const about = {
    role: { kind: "role", ids: [roles[role]] },
    team: { kind: "team", ids: [teams[team]] },
    user: { kind: "user", ids: [people[person]] },
    domain: { kind: "email-domain", domains: ["odd.example"] },
  };
  const who = principal === null ? null : about[principal];
  const parts = [
    record === null ? null : record === "own" ? { kind: "own" } : SMALL,
    who !== null && negated ? { kind: "not", condition: who } : who,
  ].filter((part) => part !== null);
  const whole = parts.length < 2 ? (parts[0] ?? null) : { kind: joined, conditions: parts };
  if (effect === "allow") return whole;
  // What a policy denies an author is not theirs to pass on, which is another test's.
  const others = { kind: "not", condition: { kind: "user", ids: authors } };
  return whole === null ? others : { kind: "all", conditions: [whole, others] };
}
