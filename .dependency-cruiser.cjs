// The feature graph. A feature imports only what its row lists; deleting a
// feature means deleting its row and every mention of it below.
const FEATURES = {
  audit: [],
  "audit-chain": ["audit"],
  authz: ["audit"],
  "audit-log": ["audit", "audit-chain", "authz"],
  sessions: ["audit"],
  organizations: ["audit", "authz", "sessions"],
  branding: ["authz", "organizations"],
  domains: ["audit", "authz"],
  users: ["audit", "authz", "organizations", "sessions"],
  impersonation: ["audit", "authz", "sessions", "users"],
  "saved-views": ["authz", "users"],
  teams: ["audit", "authz", "users"],
  policies: ["audit", "authz", "users"],
  memberships: ["audit", "authz", "organizations", "personal-tokens", "sessions", "users"],
  invitations: ["audit", "authz", "memberships", "organizations", "users"],
  "access-reviews": ["audit", "authz", "users"],
  credentials: ["audit", "users"],
  "user-imports": ["audit", "authz", "credentials", "users"],
  federation: ["audit", "authz", "domains", "invitations", "users"],
  "personal-tokens": ["audit", "authz", "users", "sessions"],
  "service-accounts": ["audit", "authz", "users"],
  decisions: ["audit", "authz", "users", "sessions", "service-accounts"],
  authn: [
    "audit",
    "domains",
    "invitations",
    "organizations",
    "users",
    "sessions",
    "credentials",
    "federation",
    "oidc",
    "personal-tokens",
  ],
  oidc: ["audit", "authz", "users", "sessions"],
  gateway: ["authz", "oidc"],
  webhooks: ["audit", "audit-log", "authz"],
  outbox: ["audit", "authz", "users"],
  settings: ["authz"],
  keys: ["audit", "audit-chain", "authz", "credentials", "federation", "oidc", "webhooks"],
  "access-requests": ["audit", "authz", "users"],
  duties: ["audit", "authz", "users"],
  invoices: ["audit", "authz"],
  terms: ["audit", "authz"],
  "personal-data": [
    "audit",
    "audit-chain",
    "authz",
    "authn",
    "access-reviews",
    "memberships",
    "organizations",
    "sessions",
    "users",
  ],
  configuration: [
    "audit",
    "authz",
    "branding",
    "domains",
    "duties",
    "federation",
    "oidc",
    "organizations",
    "policies",
    "service-accounts",
    "teams",
    "users",
  ],
  demo: ["users", "authn", "invoices"],
};
const names = Object.keys(FEATURES);
const INTEGRATION_TEST = "\\.integration\\.test\\.ts$";

/** What a feature must not import, as a path. */
const strangersOf = (name) =>
  `^lib/(${names.filter((other) => other !== name && !FEATURES[name].includes(other)).join("|")})/`;

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      from: {},
      // Types that name each other vanish before anything runs.
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "not-to-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    ...names.map((name) => ({
      name: `${name}-imports-only-its-row`,
      severity: "error",
      // A test may bring in what a page would: it composes features like app does.
      from: { path: `^lib/${name}/`, pathNot: INTEGRATION_TEST },
      to: { path: strangersOf(name) },
    })),
    {
      name: "lib-never-imports-app",
      severity: "error",
      from: { path: "^lib/", pathNot: "\\.test\\.ts$" },
      to: { path: "^(app|components|e2e|tests)/" },
    },
    {
      name: "platform-knows-no-feature",
      severity: "error",
      from: { path: "^lib/platform/" },
      to: { path: `^lib/(${names.join("|")})/` },
    },
    {
      name: "one-place-traces",
      severity: "error",
      // What goes into a span is decided in one place, so that no secret does.
      from: { pathNot: "^lib/platform/tracing/" },
      to: { path: "^node_modules/@opentelemetry/" },
    },
    {
      name: "shared-is-a-leaf",
      severity: "error",
      from: { path: "^lib/shared/" },
      to: { path: "^lib/", pathNot: "^lib/shared/" },
    },
    {
      name: "packages-stand-alone",
      severity: "error",
      // They are installed where nothing else of this program is.
      from: { path: "^packages/([^/]+)/src/" },
      to: { pathNot: "^(packages/$1/src/|node_modules/jose/)" },
    },
    {
      name: "the-program-needs-no-package",
      severity: "error",
      from: {
        path: "^(app|components|lib|bin|server|middleware|instrumentation)",
        pathNot: "\\.test\\.ts$",
      },
      to: { path: "^packages/" },
    },
    {
      name: "edge-stays-edge",
      severity: "error",
      from: { path: "^(middleware\\.ts$|lib/edge/)", pathNot: "\\.test\\.ts$" },
      to: { pathNot: "^(lib/(edge|shared)/|node_modules/(next|jose|zod)/)" },
    },
    {
      name: "only-stores-touch-the-database",
      severity: "error",
      // Auth.js's adapter is made from the client itself; ours reads and may not write.
      from: {
        pathNot: `(-store\\.ts$|/auth-js-adapter\\.ts$|^lib/platform/|${INTEGRATION_TEST}|^(tests|e2e|prisma)/)`,
      },
      // A type says what a transaction is; a value reaches the database.
      to: { path: "^lib/platform/db/client", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "the-replica-is-read-in-one-place",
      severity: "error",
      // The doctor asks it how far behind it is.
      from: {
        path: "^(app|bin|components|lib|server)",
        pathNot: `^lib/platform/db/|^lib/audit/read-from-replica\\.ts$|^app/_health/replica-check\\.ts$|${INTEGRATION_TEST}`,
      },
      to: { path: "^lib/platform/db/(read-replica|replica-pool)\\.ts$" },
    },
    {
      name: "only-long-lists-are-read-from-the-replica",
      severity: "error",
      // What is read there may be old: it is shown to whoever may see it, and decides nothing.
      from: {
        path: "^(app|bin|components|lib|server)",
        pathNot:
          "^lib/(audit-log/(list-audit-events|describe-overview)|users/(list-users|user-sessions))\\.ts$",
      },
      to: { path: "^lib/audit/read-from-replica\\.ts$" },
    },
    {
      name: "stores-are-private",
      severity: "error",
      from: { path: "^(lib/[^/]+)/" },
      to: { path: "-store\\.ts$", pathNot: "^$1/" },
    },
    {
      name: "stores-are-private-to-lib",
      severity: "error",
      from: { path: "^(app|components|middleware|server|bin)" },
      to: { path: "-store\\.ts$" },
    },
    {
      name: "schemas-are-isomorphic",
      severity: "error",
      from: { path: "^lib/.*\\.schema\\.ts$" },
      to: { pathNot: "^(lib/shared/|lib/.*\\.schema\\.ts$|node_modules/zod/)" },
    },
    {
      name: "components-see-schemas-and-types-only",
      severity: "error",
      from: { path: "^components/|/_components/" },
      to: {
        path: "^lib/",
        pathNot: "^lib/shared/|\\.schema\\.ts$",
        dependencyTypesNot: ["type-only"],
      },
    },
  ],
  required: [
    {
      name: "server-modules-are-marked",
      severity: "error",
      module: {
        path: "^lib/",
        pathNot: ["^lib/(edge|shared)/", "\\.(schema|test|d)\\.ts$", "^lib/node-only\\.ts$"],
      },
      to: { path: "node_modules/server-only" },
    },
  ],
  options: {
    doNotFollow: { path: "(node_modules|generated)" },
    exclude: "^\\.next",
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
