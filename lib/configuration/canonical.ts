import "server-only";
import type {
  ClaimEntry,
  ClientEntry,
  Configuration,
  ConnectionEntry,
  NamedCondition,
  OrganizationEntry,
  PolicyEntry,
  RoleEntry,
  RuleEntry,
} from "@/lib/configuration/configuration.schema";
import { claimName } from "@/lib/configuration/named-lists";

/** By code units, so that no locale of a machine changes the order. */
export const inOrder = (a: string, b: string): number => {
  if (a === b) return 0;
  return a < b ? -1 : 1;
};

const sortedBy = <T>(list: readonly T[], textOf: (one: T) => string): T[] =>
  [...list].sort((a, b) => inOrder(textOf(a), textOf(b)));

/** Each once, in the order of their texts. */
const asSet = <T>(list: readonly T[]): T[] => [
  ...new Map(
    sortedBy(list, (one) => JSON.stringify(one)).map((one) => [JSON.stringify(one), one]),
  ).values(),
];

/** The order of those whom a leaf names means nothing; that of parts is its author's. */
export function canonicalCondition(condition: NamedCondition): NamedCondition {
  switch (condition.kind) {
    case "all":
    case "any":
      return { kind: condition.kind, conditions: condition.conditions.map(canonicalCondition) };
    case "not":
      return { kind: "not", condition: canonicalCondition(condition.condition) };
    case "user":
      return { kind: "user", users: asSet(condition.users) };
    case "role":
      return { kind: "role", roles: asSet(condition.roles) };
    case "team":
      return { kind: "team", teams: asSet(condition.teams) };
    default:
      return condition;
  }
}

const canonicalRole = ({ permissions, inherits, ...role }: RoleEntry): RoleEntry => ({
  ...role,
  permissions: Object.fromEntries<RoleEntry["permissions"][string]>(
    sortedBy(Object.entries(permissions), ([key]) => key).map(([key, reach]) => {
      if (typeof reach === "string") return [key, reach];
      return [key, reach.kind === "own" ? "own" : canonicalCondition(reach)];
    }),
  ),
  inherits: asSet(inherits),
});

/** A rule whose lists are sets in order. */
export const canonicalRule = ({
  effect,
  permissions,
  fields,
  condition,
}: RuleEntry): RuleEntry => ({
  effect,
  permissions: asSet(permissions),
  fields: asSet(fields),
  condition: condition && canonicalCondition(condition),
});

const canonicalPolicy = ({ rule, candidate, ...policy }: PolicyEntry): PolicyEntry => ({
  ...policy,
  rule: canonicalRule(rule),
  candidate: candidate && canonicalRule(candidate),
});

const byName = <T extends { name: string }>(list: readonly T[]): T[] =>
  sortedBy(list, ({ name }) => name);

function canonicalRules({
  roles,
  policies,
  duties,
}: Pick<Configuration, "roles" | "policies" | "duties">) {
  return {
    ...(roles && { roles: byName(roles.map(canonicalRole)) }),
    ...(policies && { policies: byName(policies.map(canonicalPolicy)) }),
    ...(duties && {
      duties: byName(
        duties.map(({ left, right, ...duty }) => ({
          ...duty,
          left: asSet(left),
          right: asSet(right),
        })),
      ),
    }),
  };
}

/** Keys by name, at any depth: as PostgreSQL gives documents back in an order of its own. */
function inKeyOrder<T>(value: T): T {
  if (Array.isArray(value)) return value.map(inKeyOrder) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = sortedBy(Object.entries(value), ([key]) => key);
  return Object.fromEntries(entries.map(([key, part]) => [key, inKeyOrder(part)])) as T;
}

const canonicalClient = (client: ClientEntry): ClientEntry => ({
  id: client.id,
  name: client.name,
  kind: client.kind,
  enabled: client.enabled,
  firstParty: client.firstParty,
  redirectUris: asSet(client.redirectUris),
  postLogoutRedirectUris: asSet(client.postLogoutRedirectUris),
  backchannelLogoutUri: client.backchannelLogoutUri,
  scopes: asSet(client.scopes),
  idTokenAlgorithm: client.idTokenAlgorithm,
  requirePushedRequests: client.requirePushedRequests,
  publicKeys: inKeyOrder(client.publicKeys),
  service: client.service && {
    organization: client.service.organization,
    roles: asSet(client.service.roles),
  },
  ...(client.secret && { secret: client.secret }),
});

const canonicalClaim = ({ name, value, scope, targets, clientId }: ClaimEntry): ClaimEntry => ({
  name,
  value,
  scope,
  targets: asSet(targets),
  clientId,
});

type SignIn = NonNullable<OrganizationEntry["signIn"]>;

const canonicalSignIn = ({ networks, passkeyModels, ...rules }: SignIn): SignIn => {
  const all = { ...rules, networks: asSet(networks), passkeyModels: asSet(passkeyModels) };
  return Object.fromEntries(sortedBy(Object.entries(all), ([key]) => key)) as SignIn;
};

const canonicalConnection = ({ domains, enabled, secret, ...connection }: ConnectionEntry) => ({
  ...connection,
  domains: asSet(domains),
  enabled,
  ...(secret && { secret }),
});

const canonicalOrganization = ({
  slug,
  name,
  signIn,
  look,
  domains,
  teams,
  connections,
  ...rules
}: OrganizationEntry): OrganizationEntry => ({
  slug,
  name,
  ...(signIn && { signIn: canonicalSignIn(signIn) }),
  ...(look && { look: { name: look.name, accent: look.accent } }),
  ...(domains && { domains: sortedBy(domains, ({ domain }) => domain) }),
  ...canonicalRules(rules),
  ...(teams && {
    teams: byName(teams.map(({ roles, ...team }) => ({ ...team, roles: asSet(roles) }))),
  }),
  ...(connections && {
    connections: sortedBy(connections.map(canonicalConnection), (one) => one.slug),
  }),
});

/** The one form of a configuration: two that mean the same are the same text by {@link printConfiguration}. */
export const canonical = ({
  version,
  clients,
  claims,
  organizations,
  $schema: _,
  ...rules
}: Configuration): Configuration => ({
  version,
  ...canonicalRules(rules),
  ...(clients && { clients: sortedBy(clients.map(canonicalClient), ({ id }) => id) }),
  ...(claims && { claims: sortedBy(claims.map(canonicalClaim), claimName) }),
  ...(organizations && {
    organizations: sortedBy(organizations.map(canonicalOrganization), ({ slug }) => slug),
  }),
});

/** Where an editor finds the schema, beside the file: `config schema` writes it. */
const SCHEMA = "./configuration.schema.json";

/** A configuration as its bytes: the same for the same content, on every machine. */
export const printConfiguration = (configuration: Configuration): string =>
  `${JSON.stringify({ $schema: SCHEMA, ...canonical(configuration) }, null, 2)}\n`;
