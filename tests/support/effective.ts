import { prisma } from "@/lib/platform/db/client";

// Who may do what, worked out a second time from the raw tables: slowly, by walking, and with
// nothing of lib/authz, so that a mistake there is not made here as well.

export interface Stored {
  kind: string;
  ids?: string[];
  domains?: string[];
  conditions?: Stored[];
  condition?: Stored;
}

/** What is left of a condition once it is known who asks: yes, no, or what the record has to be. */
type Rest = true | false | string;

export interface Asker {
  id: string;
  email: string;
  roles: Set<string>;
  /** Those among the roles that are held on the whole instance. */
  everywhere: Set<string>;
  teams: Set<string>;
}

function restOf(condition: Stored | null, asker: Asker): Rest {
  if (condition === null) return true;
  const among = (held: Set<string>) => (condition.ids ?? []).some((id) => held.has(id));
  switch (condition.kind) {
    case "own":
      return "own";
    case "team":
      return among(asker.teams);
    case "role":
      return among(asker.roles);
    case "user":
      return among(new Set([asker.id]));
    case "email-domain":
      return (condition.domains ?? []).includes(asker.email.split("@")[1] ?? "");
    case "not": {
      const inner = restOf(condition.condition ?? null, asker);
      return typeof inner === "boolean" ? !inner : `not(${inner})`;
    }
    case "any":
    case "all": {
      const parts = (condition.conditions ?? []).map((part) => restOf(part, asker));
      const decisive = condition.kind === "any";
      if (parts.includes(decisive)) return decisive;
      const open = [...new Set(parts.filter((part) => typeof part === "string"))].sort();
      if (open.length === 0) return !decisive;
      return open.length === 1 ? (open[0] ?? false) : `${condition.kind}(${open.join()})`;
    }
    default:
      throw new Error(`no such condition in these tests: ${condition.kind}`);
  }
}

/** By place: what somebody may do there, as `permission` or `permission|what the record has to be`. */
export type Effective = Map<string, Set<string>>;

export interface Tables {
  users: Map<string, string>;
  grants: {
    userId: string;
    roleId: string;
    organizationId: string | null;
    expiresAt: Date | null;
  }[];
  services: { clientId: string; organizationId: string }[];
  serviceGrants: { clientId: string; roleId: string }[];
  roles: Map<string, string | null>;
  inherits: { roleId: string; inheritedRoleId: string }[];
  permissions: { roleId: string; key: string; condition: Stored | null }[];
  instanceWide: Set<string>;
  teams: Map<string, { organizationId: string; parentId: string | null }>;
  memberships: { teamId: string; userId: string }[];
  teamRoles: { teamId: string; roleId: string; expiresAt: Date | null }[];
  /** The versions in force. */
  policies: {
    organizationId: string | null;
    effect: "allow" | "deny";
    keys: string[];
    fields: string[];
    condition: Stored | null;
  }[];
}

export async function readTables(): Promise<Tables> {
  const db = prisma();
  const [roles, permissions, known, teams, policies] = await Promise.all([
    db.role.findMany(),
    db.rolePermission.findMany({ include: { permission: true } }),
    db.permission.findMany({ where: { instanceWide: true } }),
    db.team.findMany(),
    db.policy.findMany({ include: { versions: true } }),
  ]);
  return {
    users: new Map((await db.user.findMany()).map(({ id, email }) => [id, email])),
    grants: await db.userRole.findMany(),
    services: await db.serviceAccount.findMany(),
    serviceGrants: await db.serviceAccountRole.findMany(),
    roles: new Map(roles.map(({ id, organizationId }) => [id, organizationId])),
    inherits: await db.roleInheritance.findMany(),
    permissions: permissions.map(({ roleId, permission, condition }) => ({
      roleId,
      key: permission.key,
      condition: condition as Stored | null,
    })),
    instanceWide: new Set(known.map(({ key }) => key)),
    teams: new Map(teams.map((team) => [team.id, team])),
    memberships: await db.teamMembership.findMany(),
    teamRoles: await db.teamRole.findMany(),
    policies: policies.flatMap(({ organizationId, activeNumber, versions }) =>
      versions
        .filter(({ number }) => number === activeNumber)
        .map(({ effect, permissions: keys, fields, condition }) => ({
          organizationId,
          effect,
          keys,
          fields,
          condition: condition as Stored | null,
        })),
    ),
  };
}

/** When it is asked, and whether policies count or roles alone. */
export interface Terms {
  at?: Date;
  policies?: boolean;
}

const isLive = ({ expiresAt }: { expiresAt: Date | null }, at: Date) =>
  expiresAt === null || expiresAt.getTime() > at.getTime();

function upwards(tables: Tables, teamId: string): string[] {
  const parent = tables.teams.get(teamId)?.parentId ?? null;
  return parent === null ? [teamId] : [teamId, ...upwards(tables, parent)];
}

function inherited(tables: Tables, roleId: string, met = new Set<string>()): Set<string> {
  if (met.has(roleId)) return met;
  met.add(roleId);
  for (const edge of tables.inherits) {
    if (edge.roleId === roleId) inherited(tables, edge.inheritedRoleId, met);
  }
  return met;
}

/** The roles that a grant of one, which counts in `where`, gives in `place`. */
function givenIn(tables: Tables, roleId: string, where: string | null, place: string): string[] {
  const home = tables.roles.get(roleId) ?? null;
  if (where !== null && where !== place) return [];
  if (home !== null && home !== place) return [];
  return [...inherited(tables, roleId)].filter((id) => {
    const own = tables.roles.get(id) ?? null;
    return own === null || own === home;
  });
}

export function askerOf(tables: Tables, id: string, place: string, at = new Date()): Asker {
  const own = tables.grants.filter((grant) => grant.userId === id && isLive(grant, at));
  const within = tables.memberships.filter(({ userId }) => userId === id);
  const above = within.flatMap(({ teamId }) => upwards(tables, teamId));
  const teams = new Set(above.filter((it) => tables.teams.get(it)?.organizationId === place));
  const byTeams = tables.teamRoles.filter((it) => teams.has(it.teamId) && isLive(it, at));
  const global = own.filter(
    ({ roleId, organizationId }) =>
      organizationId === null && (tables.roles.get(roleId) ?? null) === null,
  );
  return {
    id,
    email: tables.users.get(id) ?? "",
    teams,
    everywhere: new Set(global.flatMap(({ roleId }) => givenIn(tables, roleId, null, place))),
    roles: new Set([
      ...own.flatMap((grant) => givenIn(tables, grant.roleId, grant.organizationId, place)),
      ...byTeams.flatMap(({ roleId }) => givenIn(tables, roleId, place, place)),
    ]),
  };
}

export function serviceAskerOf(tables: Tables, clientId: string, place: string): Asker {
  const home = tables.services.find((it) => it.clientId === clientId)?.organizationId;
  const grants =
    home === place ? tables.serviceGrants.filter((it) => it.clientId === clientId) : [];
  const roles = new Set(grants.flatMap(({ roleId }) => givenIn(tables, roleId, place, place)));
  return { id: clientId, email: "", roles, everywhere: new Set(), teams: new Set() };
}

export interface GatheredRule {
  effect: "allow" | "deny";
  key: string;
  fields: string[];
  condition: Stored | null;
}

/** Whoever may undo policies can do so whatever these say. */
const UNDENIABLE = new Set(["view_policies", "manage_policies"]);

/** Everything that is said about what the asker may do in a place. */
export function gatherRules(tables: Tables, asker: Asker, place: string): GatheredRule[] {
  const { instanceWide } = tables;
  const byRoles = tables.permissions
    .filter(({ roleId, key }) =>
      (instanceWide.has(key) ? asker.everywhere : asker.roles).has(roleId),
    )
    .map(({ key, condition }) => ({ effect: "allow" as const, key, fields: [], condition }));
  return [...byRoles, ...policyRules(tables, place)];
}

function policyRules({ policies, instanceWide }: Tables, place: string): GatheredRule[] {
  return policies
    .filter(({ organizationId }) => organizationId === null || organizationId === place)
    .flatMap(({ organizationId, keys, effect, fields, condition }) =>
      keys
        .filter((key) => organizationId === null || !instanceWide.has(key))
        .filter((key) => effect === "allow" || !UNDENIABLE.has(key))
        .map((key) => ({ effect, key, fields, condition })),
    );
}

function permitted(tables: Tables, asker: Asker, place: string, policies: boolean): Set<string> {
  const rules = gatherRules(policies ? tables : { ...tables, policies: [] }, asker, place);
  const held = new Set<string>();
  const denied = new Map<string, Rest[]>();
  for (const { effect, key, fields, condition } of rules) {
    const rest = restOf(condition, asker);
    if (rest === false || fields.length > 0) continue;
    if (effect === "allow") held.add(rest === true ? key : `${key}|${rest}`);
    else denied.set(key, [...(denied.get(key) ?? []), rest]);
  }
  const left = [...held].flatMap((entry) => {
    const [key = "", rest = "any"] = entry.split("|");
    const without = denied.get(key) ?? [];
    if (without.includes(true)) return [];
    return without.length === 0 ? [entry] : [`${key}|${rest} unless ${without.sort().join()}`];
  });
  return new Set(left);
}

const now = () => new Date();

export const effectiveOfUser = (
  tables: Tables,
  id: string,
  places: string[],
  { at = now(), policies = true }: Terms = {},
): Effective =>
  new Map(
    places.map((place) => [
      place,
      permitted(tables, askerOf(tables, id, place, at), place, policies),
    ]),
  );

/** A service account acts in its own organization, and nowhere else. */
export const effectiveOfService = (
  tables: Tables,
  clientId: string,
  places: string[],
): Effective => {
  const home = tables.services.find((it) => it.clientId === clientId)?.organizationId;
  return new Map(
    places.map((place) => {
      if (place !== home) return [place, new Set<string>()];
      return [place, permitted(tables, serviceAskerOf(tables, clientId, place), place, true)];
    }),
  );
};

/** What is in `required` and not in `held`, anywhere: each with its place. */
export const beyond = (held: Effective, required: Effective): string[] =>
  [...required].flatMap(([place, keys]) => {
    const here = held.get(place) ?? new Set<string>();
    const reached = (entry: string) => here.has(entry) || here.has(entry.split("|")[0] ?? "");
    return [...keys].filter((entry) => !reached(entry)).map((entry) => `${entry} in ${place}`);
  });

/** The part of `after` that `before` does not reach. */
export const gainOf = (before: Effective, after: Effective): Effective =>
  new Map(
    [...after].map(([place, keys]) => {
      const lacking = beyond(before, new Map([[place, keys]]));
      return [place, new Set(lacking.map((entry) => entry.split(" in ")[0] ?? ""))];
    }),
  );
