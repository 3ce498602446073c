import { prisma } from "@/lib/platform/db/client";

// Who may do what, worked out a second time from the raw tables: slowly, by walking, and with
// nothing of lib/authz, so that a mistake there is not made here as well.

interface Stored {
  kind: string;
  ids?: string[];
  domains?: string[];
  conditions?: Stored[];
  condition?: Stored;
}

/** What is left of a condition once it is known who asks: yes, no, or what the record has to be. */
type Rest = true | false | string;

interface Asker {
  id: string;
  email: string;
  roles: Set<string>;
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
  teams: Map<string, { organizationId: string; parentId: string | null }>;
  memberships: { teamId: string; userId: string }[];
  teamRoles: { teamId: string; roleId: string; expiresAt: Date | null }[];
  policies: { organizationId: string | null; keys: string[]; condition: Stored | null }[];
}

export async function readTables(): Promise<Tables> {
  const db = prisma();
  const [roles, permissions, teams, policies] = await Promise.all([
    db.role.findMany(),
    db.rolePermission.findMany({ include: { permission: true } }),
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
    teams: new Map(teams.map((team) => [team.id, team])),
    memberships: await db.teamMembership.findMany(),
    teamRoles: await db.teamRole.findMany(),
    policies: policies.flatMap(({ organizationId, activeNumber, versions }) =>
      versions
        .filter(({ number, effect }) => number === activeNumber && effect === "allow")
        .map((version) => ({
          organizationId,
          keys: version.permissions,
          condition: version.condition as Stored | null,
        })),
    ),
  };
}

const isLive = ({ expiresAt }: { expiresAt: Date | null }) =>
  expiresAt === null || expiresAt.getTime() > Date.now();

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

function permitted(tables: Tables, asker: Asker, place: string): Set<string> {
  const held = new Set<string>();
  const add = (key: string, condition: Stored | null) => {
    const rest = restOf(condition, asker);
    if (rest === true) held.add(key);
    if (typeof rest === "string") held.add(`${key}|${rest}`);
  };
  for (const { roleId, key, condition } of tables.permissions) {
    if (asker.roles.has(roleId)) add(key, condition);
  }
  for (const { organizationId, keys, condition } of tables.policies) {
    if (organizationId !== null && organizationId !== place) continue;
    for (const key of keys) add(key, condition);
  }
  return held;
}

export function effectiveOfUser(tables: Tables, id: string, places: string[]): Effective {
  const own = tables.grants.filter((grant) => grant.userId === id && isLive(grant));
  const within = tables.memberships.filter(({ userId }) => userId === id);
  const above = within.flatMap(({ teamId }) => upwards(tables, teamId));
  return new Map(
    places.map((place) => {
      const teams = new Set(above.filter((it) => tables.teams.get(it)?.organizationId === place));
      const byTeams = tables.teamRoles.filter((it) => teams.has(it.teamId) && isLive(it));
      const roles = new Set([
        ...own.flatMap((grant) => givenIn(tables, grant.roleId, grant.organizationId, place)),
        ...byTeams.flatMap(({ roleId }) => givenIn(tables, roleId, place, place)),
      ]);
      const email = tables.users.get(id) ?? "";
      return [place, permitted(tables, { id, email, roles, teams }, place)];
    }),
  );
}

export function effectiveOfService(tables: Tables, clientId: string, places: string[]): Effective {
  const home = tables.services.find((it) => it.clientId === clientId)?.organizationId;
  const grants = tables.serviceGrants.filter((it) => it.clientId === clientId);
  return new Map(
    places.map((place) => {
      if (home !== place) return [place, new Set<string>()];
      const roles = new Set(grants.flatMap(({ roleId }) => givenIn(tables, roleId, home, place)));
      const asker = { id: clientId, email: "", roles, teams: new Set<string>() };
      return [place, permitted(tables, asker, place)];
    }),
  );
}

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
