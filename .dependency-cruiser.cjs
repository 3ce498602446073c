// The feature graph. A feature imports only what its row lists; deleting a
// feature means deleting its row and every mention of it below.
const FEATURES = {
  audit: [],
  authz: ["audit"],
  "audit-log": ["audit", "authz"],
  sessions: ["audit"],
  organizations: ["audit", "authz", "sessions"],
  domains: ["audit", "authz"],
  users: ["audit", "authz", "organizations", "sessions"],
  teams: ["audit", "authz", "users"],
  policies: ["audit", "authz", "users"],
  memberships: ["audit", "authz", "organizations", "personal-tokens", "sessions", "users"],
  invitations: ["audit", "authz", "memberships", "organizations", "users"],
  "access-reviews": ["audit", "authz", "users"],
  credentials: ["audit", "users"],
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
  keys: ["audit", "authz", "credentials", "federation", "oidc"],
  "access-requests": ["audit", "authz", "users"],
  duties: ["audit", "authz", "users"],
  invoices: ["audit", "authz"],
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
      name: "shared-is-a-leaf",
      severity: "error",
      from: { path: "^lib/shared/" },
      to: { path: "^lib/", pathNot: "^lib/shared/" },
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
