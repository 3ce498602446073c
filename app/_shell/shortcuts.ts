import "server-only";
import { getTranslations } from "@/app/_locale/translations";
import { navigationOf } from "@/app/_shell/navigation";
import { NEW_PATH as NEW_CLIENT_PATH } from "@/app/admin/clients/address";
import { ORGANIZATIONS_PATH, organizationPath } from "@/app/admin/organizations/address";
import { LIST_PATH as POLICIES_PATH } from "@/app/admin/policies/address";
import { NEW_PATH as NEW_REVIEW_PATH } from "@/app/admin/reviews/address";
import { LIST_PATH as ROLES_PATH } from "@/app/admin/roles/address";
import { LIST_PATH as TEAMS_PATH } from "@/app/admin/teams/address";
import { USERS_PATH } from "@/app/admin/users/address";
import { IMPORT_PATH } from "@/app/admin/users/import/address";
import { NEW_WEBHOOK_PATH } from "@/app/admin/webhooks/address";
import type { Offered } from "@/components/layout/hit-groups";
import type { NavGroup } from "@/components/layout/nav-list";
import type { Shortcut } from "@/components/layout/shortcut";
import { REVIEW_PERMISSIONS } from "@/lib/access-reviews/permissions";
import { can } from "@/lib/authz/decide";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { CONNECTION_PERMISSIONS } from "@/lib/federation/permissions";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import type { Translator } from "@/lib/platform/locale/translator";
import { POLICY_PERMISSIONS } from "@/lib/policies/permissions";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { WEBHOOK_PERMISSIONS } from "@/lib/webhooks/permissions";

/** A shortcut before it has its words. */
type Entry = Omit<Shortcut, "label"> & {
  words: Parameters<Translator<"shell.shortcuts">>[0];
  permission: Permission;
};

const ACTIONS: Entry[] = [
  {
    words: "newUser",
    href: `${USERS_PATH}/new`,
    icon: "users",
    permission: USER_PERMISSIONS.manage,
  },
  { words: "importUsers", href: IMPORT_PATH, icon: "users", permission: USER_PERMISSIONS.manage },
  {
    words: "newOrganization",
    href: `${ORGANIZATIONS_PATH}/new`,
    icon: "organizations",
    permission: ORGANIZATION_PERMISSIONS.manage,
  },
  {
    words: "newTeam",
    href: `${TEAMS_PATH}/new`,
    icon: "teams",
    permission: TEAM_PERMISSIONS.manage,
  },
  {
    words: "newRole",
    href: `${ROLES_PATH}/new`,
    icon: "roles",
    permission: ROLE_PERMISSIONS.manage,
  },
  {
    words: "newPolicy",
    href: `${POLICIES_PATH}/new`,
    icon: "policies",
    permission: POLICY_PERMISSIONS.manage,
  },
  {
    words: "newReview",
    href: NEW_REVIEW_PATH,
    icon: "reviews",
    permission: REVIEW_PERMISSIONS.manage,
  },
  {
    words: "newConnection",
    href: "/admin/connections/new",
    icon: "connections",
    permission: CONNECTION_PERMISSIONS.manage,
  },
  {
    words: "newClient",
    href: NEW_CLIENT_PATH,
    icon: "clients",
    permission: CLIENT_PERMISSIONS.manage,
  },
  {
    words: "newWebhook",
    href: NEW_WEBHOOK_PATH,
    icon: "webhooks",
    permission: WEBHOOK_PERMISSIONS.manage,
  },
  {
    words: "newInvoice",
    href: "/invoices/new",
    icon: "invoices",
    permission: INVOICE_PERMISSIONS.create,
  },
];

/** The pages that the caller may open and what they may begin, for a palette; of the navigation if it is known. */
export async function listOffered(caller: Caller, nav?: readonly NavGroup[]): Promise<Offered> {
  const groups = nav ?? (await navigationOf(caller));
  const t = await getTranslations("shell.search");
  // Two pages of the same name lie in different groups.
  const pages = groups.flatMap(({ title, items }) =>
    items.map(({ href, label, icon }) => ({
      href,
      icon,
      label:
        title === undefined || title === label ? label : t("pageIn", { page: label, group: title }),
    })),
  );
  return { pages, actions: await listActions(caller) };
}

/** By the same decisions that the pages make. */
async function listActions(caller: Caller): Promise<Shortcut[]> {
  const t = await getTranslations("shell.shortcuts");
  const invite: Entry = {
    words: "invite",
    href: organizationPath(caller.principal.organizationId),
    icon: "organizations",
    permission: ORGANIZATION_PERMISSIONS.manageMembers,
  };
  const checked = await Promise.all(
    [...ACTIONS, invite].map(async ({ permission, words, ...shortcut }) => ({
      shortcut: { ...shortcut, label: t(words) },
      shown: await can(caller, permission),
    })),
  );
  return checked.filter(({ shown }) => shown).map(({ shortcut }) => shortcut);
}
