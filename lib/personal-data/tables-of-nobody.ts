import "server-only";
import type { OfNobody } from "@/lib/personal-data/personal-table";

const RULES = "What an organization or the installation is set to.";
const RIGHTS = "What there is to hold, and no holder.";
const APPS = "An app, and nobody who uses it.";
const CHAIN = "Digests and keys of the audit log, whose events are declared by themselves.";

/** Where nobody's data is. A column that names who did something is no row of theirs. */
export const TABLES_OF_NOBODY = {
  _prisma_migrations: { because: "Which migrations ran." },
  instance: { because: RULES },
  organizations: { because: RULES },
  sign_in_policies: { because: RULES },
  organization_brandings: { because: RULES },
  organization_logos: { because: RULES },
  organization_domains: { because: RULES },
  connections: { because: RULES },
  claim_templates: { because: RULES },
  policies: { because: RULES },
  policy_versions: { because: RULES, mentions: { created_by: "emptied" } },
  policy_shadow_counts: { because: "Counts of a day." },
  duty_conflicts: { because: RULES },
  permissions: { because: RIGHTS },
  roles: { because: RIGHTS },
  role_permissions: { because: RIGHTS },
  role_inheritance: { because: RIGHTS },
  role_closure: { because: RIGHTS },
  teams: { because: RIGHTS },
  team_closure: { because: RIGHTS },
  team_roles: { because: RIGHTS, mentions: { granted_by: "emptied" } },
  invitation_roles: { because: "Roles of an invitation, which is declared by itself." },
  service_accounts: { because: APPS },
  service_account_roles: { because: APPS, mentions: { granted_by: "emptied" } },
  oidc_clients: { because: APPS },
  oidc_client_secrets: { because: APPS },
  oidc_initial_tokens: { because: APPS },
  oidc_device_requests: {
    because: "Keyed hashes of codes; what was granted is declared by itself.",
  },
  signing_keys: { because: "Keys of the installation." },
  access_reviews: {
    because: "What was asked; who it was about is in its items.",
    mentions: {
      author_id: "pseudonym",
      author_name: "evidence",
      closed_by: "pseudonym",
      closed_by_name: "evidence",
    },
  },
  terms_versions: {
    because: "What is published for everybody to read.",
    mentions: { published_by: "pseudonym" },
  },
  user_imports: {
    because: "How far a file is; its rows are declared by themselves.",
    mentions: { author_id: "pseudonym" },
  },
  webhook_endpoints: { because: RULES, mentions: { created_by: "pseudonym" } },
  webhook_deliveries: { because: "That an event was told of; the event is declared by itself." },
  invoice_counters: { because: "The last number of a year." },
  logout_tokens: { because: "Digests of tokens that count no more." },
  spent_proofs: { because: "Calculations that count no more." },
  rate_limits: { because: "Counters under keyed hashes, for a window of hours." },
  audit_unsealed: { because: CHAIN },
  audit_links: { because: CHAIN },
  audit_head: { because: CHAIN },
  audit_keys: { because: CHAIN },
  audit_checkpoints: { because: CHAIN },
  audit_prunings: { because: CHAIN },
  audit_sinks: { because: "How far a collector was told." },
} as const satisfies Record<string, OfNobody>;
