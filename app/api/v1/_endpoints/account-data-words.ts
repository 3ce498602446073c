import "server-only";
import type { Withheld } from "@/lib/personal-data/export-own-data";
import type { TableOfPeople } from "@/lib/personal-data/personal-tables";

/** What each file of somebody's copy has, in words. */
export const TABLE_WORDS: Record<TableOfPeople, string> = {
  users: "Your account: address, name and when you were here.",
  accounts: "Accounts at other providers that you sign in with.",
  account_deletions: "When your account was to be deleted.",
  access_requests: "Roles that you asked for or took in an emergency, and what came of it.",
  access_review_items: "Reviews of what you may do.",
  audit_events: "What you did, and what was done to your account.",
  audit_holds: "Whether your events are kept for longer, as the law may ask.",
  connection_tests: "Connections that you tried out as an administrator.",
  credentials_passkey: "Your passkeys.",
  credentials_password: "That you have a password, and since when.",
  credentials_phone: "Your telephone number.",
  credentials_recovery_code: "How many recovery codes you have, and which are used.",
  credentials_totp: "That you have an authenticator app, and since when.",
  decision_traces: "Decisions about what you may do, of the last 90 days.",
  devices: "Browsers that you have signed in with.",
  duty_waivers: "Rules about duties that you are excepted from.",
  email_changes: "Changes of your address.",
  factor_challenges: "Questions to your ways of signing in that are under way.",
  identity_links: "Accounts at other providers that you were about to connect.",
  invitations: "Invitations to your address.",
  invoices: "Invoices that you are the owner of; whom they are for is your organization's.",
  memberships: "Organizations that you belong to.",
  oidc_artifacts: "That apps hold codes and tokens for you.",
  oidc_grants: "What you have allowed apps.",
  oidc_logout_deliveries: "Apps that were told of your signing out.",
  oidc_sessions: "Apps that you have signed in to.",
  outbox: "Mails and text messages to you: when and about what. You have them themselves.",
  password_history: "Since when you had earlier passwords.",
  personal_tokens: "Personal access tokens that you made.",
  registrations: "Sign-ups with your address.",
  saved_views: "Views of lists that you have saved.",
  sessions: "Where you are and were signed in, with addresses and browsers.",
  sign_in_alerts: "Warnings about unusual sign-ins.",
  sign_in_flows: "Sign-ins that are under way.",
  sign_in_tickets: "Sign-ins that have just been finished.",
  team_memberships: "Teams that you are in.",
  terms_acceptances: "Terms that you have accepted, when and from where.",
  upstream_sessions: "Sessions at other providers that yours came from.",
  user_import_rows: "Lists of users that your address was in.",
  user_pictures: "Your picture, a WebP file in base64.",
  user_roles: "Your roles.",
  verification_tokens: "Links that were mailed to you to choose a password.",
};

export const WITHHELD_WORDS: Record<Withheld, string> = {
  secret: "Whoever found this copy could use it to act as you, so it is not in it.",
  internal: "It keeps the program going and says nothing of you.",
  another: "It is about somebody else.",
};

export const readmeOf = (at: Date, names: readonly TableOfPeople[]): string =>
  [
    "A copy of your data",
    "",
    `This is what was stored about you on ${at.toISOString()} (UTC).`,
    "Keep it where nobody else finds it.",
    "",
    "Each file in the folder `tables` is one table, as JSON: a list of rows. `manifest.json` says the",
    "same for programs, with the number of rows, and why columns are left out:",
    "",
    ...Object.entries(WITHHELD_WORDS).map(([reason, words]) => `- ${reason}: ${words}`),
    "",
    ...names.map((name) => `tables/${name}.json\n    ${TABLE_WORDS[name]}`),
    "",
  ].join("\n");
