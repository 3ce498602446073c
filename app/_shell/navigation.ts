import "server-only";
import { INBOX_PATH } from "@/app/admin/requests/address";
import type { NavGroup, NavItem } from "@/components/layout/nav-list";
import { countOwnInbox, WAITING_MAX } from "@/lib/access-requests/list-requests";
import { ACCESS_PERMISSIONS } from "@/lib/access-requests/permissions";
import { REVIEW_PERMISSIONS } from "@/lib/access-reviews/permissions";
import { AUDIT_PERMISSIONS } from "@/lib/audit/permissions";
import { can } from "@/lib/authz/decide";
import { DECISION_PERMISSIONS, ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { DOMAIN_PERMISSIONS } from "@/lib/domains/permissions";
import { DUTY_PERMISSIONS } from "@/lib/duties/permissions";
import { CONNECTION_PERMISSIONS } from "@/lib/federation/permissions";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { KEY_PERMISSIONS } from "@/lib/keys/permissions";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { POLICY_PERMISSIONS } from "@/lib/policies/permissions";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

const PRODUCT: (NavItem & { permission?: Permission })[] = [
  { href: "/dashboard", label: "Dashboard", icon: "home" },
  {
    href: "/invoices",
    label: "Invoices",
    icon: "invoices",
    permission: INVOICE_PERMISSIONS.view,
  },
];

type PermittedItem = NavItem & { permission: Permission };

/** In the order in which they are asked for the page that `/admin` leads to. */
const ADMINISTRATION: { title: string; items: PermittedItem[] }[] = [
  {
    title: "People",
    items: [
      { href: "/admin/users", label: "Users", icon: "users", permission: USER_PERMISSIONS.view },
      {
        href: "/admin/organizations",
        label: "Organizations",
        icon: "organizations",
        permission: ORGANIZATION_PERMISSIONS.view,
      },
      { href: "/admin/teams", label: "Teams", icon: "teams", permission: TEAM_PERMISSIONS.view },
      {
        href: "/admin/sessions",
        label: "Sessions",
        icon: "sessions",
        permission: USER_PERMISSIONS.revokeSessions,
      },
    ],
  },
  {
    title: "Permissions",
    items: [
      { href: "/admin/roles", label: "Roles", icon: "roles", permission: ROLE_PERMISSIONS.view },
      {
        href: "/admin/policies",
        label: "Policies",
        icon: "policies",
        permission: POLICY_PERMISSIONS.view,
      },
      {
        href: "/admin/access",
        label: "Access",
        icon: "access",
        permission: DECISION_PERMISSIONS.view,
      },
      {
        href: "/admin/simulate",
        label: "Try out",
        icon: "simulate",
        permission: DECISION_PERMISSIONS.view,
      },
      {
        href: INBOX_PATH,
        label: "Requests",
        icon: "requests",
        permission: ACCESS_PERMISSIONS.approve,
      },
      {
        href: "/admin/reviews",
        label: "Access reviews",
        icon: "reviews",
        permission: REVIEW_PERMISSIONS.answer,
      },
      { href: "/admin/duties", label: "Duties", icon: "duties", permission: DUTY_PERMISSIONS.view },
    ],
  },
  {
    title: "Sign-in",
    items: [
      {
        href: "/admin/sign-in",
        label: "Rules",
        icon: "security",
        permission: ORGANIZATION_PERMISSIONS.manageSignIn,
      },
      {
        href: "/admin/domains",
        label: "Domains",
        icon: "domains",
        permission: DOMAIN_PERMISSIONS.view,
      },
      {
        href: "/admin/connections",
        label: "Connections",
        icon: "connections",
        permission: CONNECTION_PERMISSIONS.view,
      },
    ],
  },
  {
    title: "Apps",
    items: [
      {
        href: "/admin/clients",
        label: "Clients",
        icon: "clients",
        permission: CLIENT_PERMISSIONS.view,
      },
      {
        href: "/admin/claims",
        label: "Claims",
        icon: "claims",
        permission: CLIENT_PERMISSIONS.view,
      },
      { href: "/admin/keys", label: "Keys", icon: "keys", permission: KEY_PERMISSIONS.view },
    ],
  },
  {
    title: "Records",
    items: [
      { href: "/admin/audit", label: "Audit", icon: "audit", permission: AUDIT_PERMISSIONS.view },
    ],
  },
];

const ACCOUNT: NavItem[] = [
  { href: "/account/profile", label: "Profile", icon: "profile" },
  { href: "/account/security", label: "Security", icon: "security" },
  { href: "/account/sessions", label: "Sessions", icon: "sessions" },
  { href: "/account/organizations", label: "Organizations", icon: "organizations" },
  { href: "/account/tokens", label: "Tokens", icon: "tokens" },
  { href: "/account/requests", label: "Requests", icon: "requests" },
  { href: "/account/apps", label: "Apps", icon: "apps" },
  { href: "/developers", label: "Developers", icon: "developers" },
];

async function permitted<T extends NavItem & { permission?: Permission }>(
  caller: Caller,
  items: T[],
): Promise<NavItem[]> {
  const checked = await Promise.all(
    items.map(async ({ permission, ...item }) => ({
      item,
      shown: permission === undefined || (await can(caller, permission)),
    })),
  );
  return checked.filter(({ shown }) => shown).map(({ item }) => item);
}

/** The administration pages that this caller may open, in groups: by permission, never by role name. */
async function administrationOf(caller: Caller): Promise<Required<NavGroup>[]> {
  const groups = await Promise.all(
    ADMINISTRATION.map(async ({ title, items }) => ({
      title,
      items: await permitted(caller, items),
    })),
  );
  return groups.filter(({ items }) => items.length > 0);
}

export const listAdministrationItems = async (caller: Caller): Promise<NavItem[]> =>
  (await administrationOf(caller)).flatMap(({ items }) => items);

/** What the caller may open, by the same decisions that the pages make. */
export async function navigationOf(caller: Caller): Promise<NavGroup[]> {
  const administration = await Promise.all(
    (await administrationOf(caller)).map(async ({ title, items }) => ({
      title,
      items: await withCounts(caller, items),
    })),
  );
  return [
    { items: await permitted(caller, PRODUCT) },
    ...administration,
    { title: "Account", items: ACCOUNT },
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
