import "server-only";
import { readCondition } from "@/lib/authz/condition.schema";
import { idsNamedBy } from "@/lib/authz/condition-names";
import { listRolesAsOperator } from "@/lib/authz/operate-roles";
import { findBrandingAsOperator, type VersionedBranding } from "@/lib/branding/operate-branding";
import { canonical } from "@/lib/configuration/canonical";
import {
  type ClaimEntry,
  type ClientEntry,
  CONFIGURATION_VERSION,
  type Configuration,
  type ConnectionEntry,
  type DutyEntry,
  type NamedCondition,
  type PolicyEntry,
  type RoleEntry,
  type RuleEntry,
  type TeamEntry,
} from "@/lib/configuration/configuration.schema";
import { Names } from "@/lib/configuration/names";
import { type DomainRow, listDomainsAsOperator } from "@/lib/domains/operate-domains";
import { type DutyConflict, listConflictsAsOperator } from "@/lib/duties/operate-duties";
import {
  listConnectionsAsOperator,
  type OperatedConnection,
} from "@/lib/federation/operate-connections";
import { type ClaimTemplateRow, listClaimsAsOperator } from "@/lib/oidc/operate-claims";
import { listClientsAsOperator } from "@/lib/oidc/operate-clients";
import {
  listOrganizationsAsOperator,
  type OperatedOrganization,
} from "@/lib/organizations/operate-organizations";
import type { Db } from "@/lib/platform/db/client";
import {
  listPolicyVersionsAsOperator,
  type PolicyWithVersions,
} from "@/lib/policies/operate-policies";
import {
  listServicesAsOperator,
  type ServiceAccountRow,
} from "@/lib/service-accounts/operate-services";
import { listTeamsAsOperator, type TeamWithRoles } from "@/lib/teams/operate-teams";
import { listAddressesAsOperator } from "@/lib/users/operate-users";

type ClientRow = Awaited<ReturnType<typeof listClientsAsOperator>>[number];
type RoleRow = Awaited<ReturnType<typeof listRolesAsOperator>>[number];

/** All that is configured now, as rows and as a file would say it. */
export interface Present {
  organizations: (OperatedOrganization & { look: VersionedBranding })[];
  roles: RoleRow[];
  policies: PolicyWithVersions[];
  duties: DutyConflict[];
  teams: TeamWithRoles[];
  domains: DomainRow[];
  connections: OperatedConnection[];
  clients: ClientRow[];
  services: ServiceAccountRow[];
  claims: ClaimTemplateRow[];
  names: Names;
  configuration: Configuration;
}

/** A condition that this release cannot read; no file may have one (FLT-26). */
const UNREADABLE = { kind: "unreadable" } as unknown as NamedCondition;

/** Reads the whole configuration within a transaction; people are asked for by address where `emails` names them. */
export async function readPresent(emails: string[], tx: Db): Promise<Present> {
  const organizations: Present["organizations"] = [];
  for (const row of await listOrganizationsAsOperator(tx)) {
    organizations.push({ ...row, look: await findBrandingAsOperator(row.id, tx) });
  }
  const roles = await listRolesAsOperator(tx);
  const policies = await listPolicyVersionsAsOperator(tx);
  const duties = await listConflictsAsOperator(tx);
  const teams = await listTeamsAsOperator(tx);
  const domains = await listDomainsAsOperator(tx);
  const connections = await listConnectionsAsOperator(tx);
  const clients = await listClientsAsOperator(tx);
  const services = await listServicesAsOperator(tx);
  // Those of clients that are not configured here come and go with them.
  const claims = (await listClaimsAsOperator(tx)).filter(
    ({ clientId }) => clientId === null || clients.some(({ id }) => id === clientId),
  );
  const conditions = [
    ...roles.flatMap(({ gives }) => gives.map(({ condition }) => condition)),
    ...policies.flatMap(({ active, shadow, newest }) =>
      [active, shadow, newest].map((version) => version?.condition),
    ),
  ];
  const names = new Names();
  for (const { slug, id } of organizations) names.addOrganization(slug, id);
  for (const role of roles) names.addRole(role);
  for (const team of teams) names.addTeam(team);
  const ids = idsNamedBy(conditions).users;
  for (const user of await listAddressesAsOperator({ ids, emails }, tx)) names.addUser(user);
  const rules = { roles, policies, duties, connections };
  const rows = { organizations, ...rules, teams, domains, clients, services, claims, names };
  return { ...rows, configuration: describe(rows) };
}

function describe(rows: Omit<Present, "configuration">): Configuration {
  const { organizations, names } = rows;
  const here =
    (place: string | null) =>
    ({ organizationId }: { organizationId: string | null }) =>
      organizationId === place;
  const rulesIn = (place: string | null) => ({
    roles: rows.roles.filter(here(place)).map((role) => roleEntry(role, names)),
    policies: rows.policies.filter(here(place)).map((policy) => policyEntry(policy, names)),
    duties: rows.duties.filter(here(place)).map(dutyEntry),
  });
  return canonical({
    version: CONFIGURATION_VERSION,
    ...rulesIn(null),
    clients: rows.clients.map((client) => clientEntry(client, rows)),
    claims: rows.claims.map(({ id: _, ...claim }) => claim as ClaimEntry),
    organizations: organizations.map(({ id, slug, name, signIn, look }) => ({
      slug,
      name,
      signIn: signIn.rules,
      look: { name: look.name, accent: look.accent },
      domains: rows.domains.filter(here(id)).map(({ domain, autoJoin }) => ({ domain, autoJoin })),
      ...rulesIn(id),
      teams: rows.teams.filter(here(id)).map((team) => teamEntry(team, rows)),
      connections: rows.connections.filter(here(id)).map(connectionEntry),
    })),
  });
}

function roleEntry(role: RoleRow, names: Names): RoleEntry {
  const { name, description, mfaRequired, emergency, organizationId: place } = role;
  return {
    name,
    description,
    requiresSecondFactor: mfaRequired,
    emergency,
    permissions: Object.fromEntries(
      Object.entries(role.grants).map(([key, reach]) => {
        if (reach === "unreadable") return [key, UNREADABLE];
        return [key, typeof reach === "string" ? reach : names.toNamed(reach, place)];
      }),
    ),
    inherits: role.inherits.map((id) => names.roleRef(id, place)),
  };
}

type Version = PolicyWithVersions["newest"];

export function ruleEntry(version: Version, place: string | null, names: Names): RuleEntry {
  const { effect, permissions, fields } = version;
  const readable = version.condition === null ? null : readCondition(version.condition);
  const condition =
    version.condition !== null && readable === null
      ? UNREADABLE
      : readable && names.toNamed(readable, place);
  return { effect, permissions, fields, condition };
}

export function policyEntry(policy: PolicyWithVersions, names: Names): PolicyEntry {
  const { name, description, organizationId: place, active, shadow, newest } = policy;
  const entryOf = (version: Version) => ruleEntry(version, place, names);
  if (active !== null) {
    const candidate = shadow && entryOf(shadow);
    return { name, description, stage: "active", rule: entryOf(active), candidate };
  }
  const [stage, shown] =
    shadow === null ? (["draft", newest] as const) : (["shadow", shadow] as const);
  return { name, description, stage, rule: entryOf(shown), candidate: null };
}

const dutyEntry = ({ name, description, leftKeys, rightKeys }: DutyConflict): DutyEntry => ({
  name,
  description,
  left: leftKeys,
  right: rightKeys,
});

function teamEntry(
  { name, description, parentId, roleIds, organizationId }: TeamWithRoles,
  { teams, names }: Pick<Present, "teams" | "names">,
): TeamEntry {
  return {
    name,
    description,
    parent: teams.find(({ id }) => id === parentId)?.name ?? null,
    roles: roleIds.map((id) => names.roleRef(id, organizationId)),
  };
}

/** Where a secret is looked for on an installation where what has it is new. */
const secretOf = (name: string) => ({
  fromEnvironment: `CONFIG_SECRET_${name.replaceAll("-", "_").toUpperCase()}`,
});

const connectionEntry = ({
  slug,
  name,
  preset,
  issuer,
  clientId,
  authMethod,
  scopes,
  domains,
  enabled,
}: OperatedConnection): ConnectionEntry => ({
  slug,
  name,
  preset: preset as ConnectionEntry["preset"],
  issuer,
  clientId,
  authMethod: authMethod as ConnectionEntry["authMethod"],
  scopes,
  domains,
  enabled,
  secret: secretOf(slug),
});

function clientEntry(
  client: ClientRow,
  { services, names }: Pick<Present, "services" | "names">,
): ClientEntry {
  const { id, authMethod, jwks, jwksUri } = client;
  const acts = services.find(({ clientId }) => clientId === id);
  const keys = jwksUri === null ? { jwks } : { jwksUri };
  return {
    id,
    name: client.name,
    kind: client.kind,
    enabled: client.disabledAt === null,
    firstParty: client.firstParty,
    redirectUris: client.redirectUris,
    postLogoutRedirectUris: client.postLogoutRedirectUris,
    backchannelLogoutUri: client.backchannelLogoutUri,
    scopes: client.scopes as ClientEntry["scopes"],
    idTokenAlgorithm: client.idTokenAlgorithm,
    requirePushedRequests: client.requirePushedRequests,
    publicKeys: authMethod === "private_key_jwt" ? (keys as ClientEntry["publicKeys"]) : null,
    service:
      acts === undefined
        ? null
        : {
            organization: names.slugOf(acts.organizationId),
            roles: acts.roleIds.map((roleId) => names.roleRef(roleId, acts.organizationId)),
          },
    ...(authMethod === "client_secret_basic" && { secret: secretOf(id) }),
  };
}
