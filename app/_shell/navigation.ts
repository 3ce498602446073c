import { getTranslations } from "@/app/_locale/translations";
import type { Translator } from "@/lib/platform/locale/translator";
import "server-only";
import { INBOX_PATH } from "@/app/admin/requests/address";
import type { NavGroup, NavItem } from "@/components/layout/nav-list";
import { countOwnInbox, WAITING_MAX } from "@/lib/access-requests/list-requests";
import { ACCESS_PERMISSIONS } from "@/lib/access-requests/permissions";
import { REVIEW_PERMISSIONS } from "@/lib/access-reviews/permissions";
import { AUDIT_PERMISSIONS } from "@/lib/audit/permissions";
import { can } from "@/lib/authz/decide";
import { DECISION_PERMISSIONS, ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { BRANDING_PERMISSIONS } from "@/lib/branding/permissions";
import { DOMAIN_PERMISSIONS } from "@/lib/domains/permissions";
import { DUTY_PERMISSIONS } from "@/lib/duties/permissions";
import { CONNECTION_PERMISSIONS } from "@/lib/federation/permissions";
import { GATEWAY_PERMISSIONS } from "@/lib/gateway/permissions";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { KEY_PERMISSIONS } from "@/lib/keys/permissions";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { OUTBOX_PERMISSIONS } from "@/lib/outbox/permissions";
import { POLICY_PERMISSIONS } from "@/lib/policies/permissions";
import { SETTINGS_PERMISSIONS } from "@/lib/settings/permissions";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";
import { DATA_PATH } from "@/lib/shared/return-to";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";
import { TERMS_PERMISSIONS } from "@/lib/terms/permissions";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { WEBHOOK_PERMISSIONS } from "@/lib/webhooks/permissions";

type Label = Parameters<Translator<"shell.navigation">>[0];
/** An item before it has its words. */
type Entry = Omit<NavItem, "label"> & { words: Label };

const PRODUCT: (Entry & { permission?: Permission })[] = [
  { href: "/dashboard", words: "dashboard", icon: "home" },
  {
    href: "/invoices",
    words: "invoices",
    icon: "invoices",
    permission: INVOICE_PERMISSIONS.view,
  },
];

type PermittedItem = Entry & { permission: Permission };

export const OVERVIEW_PATH = "/admin";

/** In the order in which they are asked for the page that `/admin` leads to. */
const ADMINISTRATION: { words: Label; items: PermittedItem[] }[] = [
  {
    words: "administration",
    items: [
      {
        href: OVERVIEW_PATH,
        words: "overview",
        icon: "activity",
        permission: AUDIT_PERMISSIONS.view,
        alone: true,
      },
    ],
  },
  {
    words: "people",
    items: [
      { href: "/admin/users", words: "users", icon: "users", permission: USER_PERMISSIONS.view },
      {
        href: "/admin/organizations",
        words: "organizations",
        icon: "organizations",
        permission: ORGANIZATION_PERMISSIONS.view,
      },
      { href: "/admin/teams", words: "teams", icon: "teams", permission: TEAM_PERMISSIONS.view },
      {
        href: "/admin/sessions",
        words: "sessions",
        icon: "sessions",
        permission: USER_PERMISSIONS.revokeSessions,
      },
    ],
  },
  {
    words: "permissions",
    items: [
      { href: "/admin/roles", words: "roles", icon: "roles", permission: ROLE_PERMISSIONS.view },
      {
        href: "/admin/policies",
        words: "policies",
        icon: "policies",
        permission: POLICY_PERMISSIONS.view,
      },
      {
        href: "/admin/access",
        words: "access",
        icon: "access",
        permission: DECISION_PERMISSIONS.view,
      },
      {
        href: "/admin/simulate",
        words: "simulate",
        icon: "simulate",
        permission: DECISION_PERMISSIONS.view,
      },
      {
        href: INBOX_PATH,
        words: "requests",
        icon: "requests",
        permission: ACCESS_PERMISSIONS.approve,
      },
      {
        href: "/admin/reviews",
        words: "reviews",
        icon: "reviews",
        permission: REVIEW_PERMISSIONS.answer,
      },
      { href: "/admin/duties", words: "duties", icon: "duties", permission: DUTY_PERMISSIONS.view },
    ],
  },
  {
    words: "signIn",
    items: [
      {
        href: "/admin/sign-in",
        words: "rules",
        icon: "security",
        permission: ORGANIZATION_PERMISSIONS.manageSignIn,
      },
      {
        href: "/admin/branding",
        words: "branding",
        icon: "branding",
        permission: BRANDING_PERMISSIONS.manage,
      },
      {
        href: "/admin/domains",
        words: "domains",
        icon: "domains",
        permission: DOMAIN_PERMISSIONS.view,
      },
      {
        href: "/admin/connections",
        words: "connections",
        icon: "connections",
        permission: CONNECTION_PERMISSIONS.view,
      },
      { href: "/admin/terms", words: "terms", icon: "terms", permission: TERMS_PERMISSIONS.manage },
    ],
  },
  {
    words: "apps",
    items: [
      {
        href: "/admin/clients",
        words: "clients",
        icon: "clients",
        permission: CLIENT_PERMISSIONS.view,
      },
      {
        href: "/admin/claims",
        words: "claims",
        icon: "claims",
        permission: CLIENT_PERMISSIONS.view,
      },
      { href: "/admin/keys", words: "keys", icon: "keys", permission: KEY_PERMISSIONS.view },
    ],
  },
  {
    words: "records",
    items: [
      { href: "/admin/audit", words: "audit", icon: "audit", permission: AUDIT_PERMISSIONS.view },
      {
        href: "/admin/webhooks",
        words: "webhooks",
        icon: "webhooks",
        permission: WEBHOOK_PERMISSIONS.view,
      },
    ],
  },
  {
    words: "operation",
    items: [
      {
        href: "/admin/outbox",
        words: "outbox",
        icon: "mail",
        permission: OUTBOX_PERMISSIONS.view,
      },
      {
        href: "/admin/gateway",
        words: "gateway",
        icon: "gateway",
        permission: GATEWAY_PERMISSIONS.view,
      },
      {
        href: "/admin/settings",
        words: "settings",
        icon: "admin",
        permission: SETTINGS_PERMISSIONS.view,
      },
      {
        href: "/admin/coverage",
        words: "coverage",
        icon: "coverage",
        permission: SETTINGS_PERMISSIONS.viewCoverage,
      },
    ],
  },
];

const ACCOUNT: Entry[] = [
  { href: "/account/profile", words: "profile", icon: "profile" },
  { href: "/account/security", words: "security", icon: "security" },
  { href: "/account/sessions", words: "sessions", icon: "sessions" },
  { href: "/account/activity", words: "activity", icon: "activity" },
  { href: "/account/organizations", words: "organizations", icon: "organizations" },
  { href: "/account/tokens", words: "tokens", icon: "tokens" },
  { href: "/account/requests", words: "requests", icon: "requests" },
  { href: "/account/apps", words: "apps", icon: "apps" },
  { href: DATA_PATH, words: "yourData", icon: "data" },
  { href: "/developers", words: "developers", icon: "developers" },
];

const named = (items: readonly Entry[], t: Translator<"shell.navigation">): NavItem[] =>
  items.map(({ words, ...item }) => ({ ...item, label: t(words) }));

async function permitted<T extends Entry & { permission?: Permission }>(
  caller: Caller,
  items: T[],
): Promise<NavItem[]> {
  const t = await getTranslations("shell.navigation");
  const checked = await Promise.all(
    items.map(async ({ permission, ...item }) => ({
      item,
      shown: permission === undefined || (await can(caller, permission)),
    })),
  );
  return named(
    checked.filter(({ shown }) => shown).map(({ item }) => item),
    t,
  );
}

/** The administration pages that this caller may open, in groups: by permission, never by role name. */
async function administrationOf(caller: Caller): Promise<Required<NavGroup>[]> {
  const t = await getTranslations("shell.navigation");
  const groups = await Promise.all(
    ADMINISTRATION.map(async ({ words, items }) => ({
      title: t(words),
      items: await permitted(caller, items),
    })),
  );
  return groups.filter(({ items }) => items.length > 0);
}

/** Those that `/admin` may lead to: all but itself. */
export const listAdministrationItems = async (caller: Caller): Promise<NavItem[]> =>
  (await administrationOf(caller))
    .flatMap(({ items }) => items)
    .filter(({ href }) => href !== OVERVIEW_PATH);

/** What the caller may open, by the same decisions that the pages make. */
export async function navigationOf(caller: Caller): Promise<NavGroup[]> {
  const t = await getTranslations("shell.navigation");
  const administration = await Promise.all(
    (await administrationOf(caller)).map(async ({ title, items }) => ({
      title,
      items: await withCounts(caller, items),
    })),
  );
  return [
    { items: await permitted(caller, PRODUCT) },
    ...administration,
    { title: t("account"), items: named(ACCOUNT, t) },
  ];
}

/** What waits for an answer stands beside its page: one indexed count, for those who can give one. */
async function withCounts(caller: Caller, items: readonly NavItem[]): Promise<readonly NavItem[]> {
  if (!items.some(({ href }) => href === INBOX_PATH)) return items;
  const waiting = (await countOwnInbox(caller)) ?? 0;
  if (waiting === 0) return items;
  const count = waiting >= WAITING_MAX ? `${WAITING_MAX}+` : String(waiting);
  return items.map((item) => (item.href === INBOX_PATH ? { ...item, count } : item));
}
