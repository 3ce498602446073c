import "server-only";
import { auditHref } from "@/app/admin/audit/address";
import { clientPath } from "@/app/admin/clients/address";
import { decisionPath } from "@/app/admin/decisions/address";
import { organizationPath } from "@/app/admin/organizations/address";
import { policyPath } from "@/app/admin/policies/address";
import { rolePath } from "@/app/admin/roles/address";
import { teamPath } from "@/app/admin/teams/address";
import { userPath } from "@/app/admin/users/address";
import { AUDIT_PERMISSIONS } from "@/lib/audit/permissions";
import { listAuditEvents } from "@/lib/audit-log/list-audit-events";
import { can } from "@/lib/authz/decide";
import { findDecision } from "@/lib/authz/find-decision";
import { searchRoles } from "@/lib/authz/list-roles";
import { DECISION_PERMISSIONS, ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { searchClients } from "@/lib/oidc/manage-clients";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";
import {
  findOrganization,
  listOrganizations,
  managesOrganizations,
  type Organization,
} from "@/lib/organizations/find-organizations";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { type RequestRate, spend } from "@/lib/platform/rate-limit/limiter";
import { searchPolicies } from "@/lib/policies/list-policies";
import { POLICY_PERMISSIONS } from "@/lib/policies/permissions";
import type { Caller } from "@/lib/shared/caller";
import { minutes } from "@/lib/shared/duration";
import { isId } from "@/lib/shared/id.schema";
import type { Permission } from "@/lib/shared/permission";
import type { Hit, HitKind } from "@/lib/shared/search-hit";
import { searchTeams } from "@/lib/teams/list-teams";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";
import { listUsers } from "@/lib/users/list-users";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

/** Of each kind: whoever wants more has the list of that kind. */
const HITS_MAX = 5;
/** Somebody who types without a pause asks a few times a second, and not for long. */
const SEARCHES: RequestRate = {
  name: "search",
  pointsMax: 120,
  windowSeconds: minutes(1),
  counts: "requests",
};

interface Source {
  permission: Permission;
  find(caller: Caller, q: string): Promise<Hit[]>;
}

const named =
  (kind: HitKind, pathOf: (id: string) => string) =>
  ({ id, name }: { id: string; name: string }): Hit => ({
    kind,
    id,
    title: name,
    detail: null,
    href: pathOf(id),
  });

/** In the order in which they are shown. What each may find is for its own use case to say. */
const SOURCES: Source[] = [
  {
    permission: USER_PERMISSIONS.view,
    find: async (caller, q) => {
      const found = await listUsers(caller, { q, sort: "newest" }, { limit: HITS_MAX });
      if (found.outcome !== "listed") return [];
      return found.users.map(({ id, name, email }) => ({
        kind: "user",
        id,
        title: name ?? email,
        detail: name === null ? null : email,
        href: userPath(id),
      }));
    },
  },
  {
    permission: ORGANIZATION_PERMISSIONS.view,
    find: async (caller, q) =>
      (await findOrganizations(caller, q)).map(({ id, name, slug }) => ({
        kind: "organization",
        id,
        title: name,
        detail: slug,
        href: organizationPath(id),
      })),
  },
  {
    permission: ROLE_PERMISSIONS.view,
    find: async (caller, q) =>
      (await searchRoles(caller, q, HITS_MAX)).map(named("role", rolePath)),
  },
  {
    permission: TEAM_PERMISSIONS.view,
    find: async (caller, q) =>
      (await searchTeams(caller, q, HITS_MAX)).map(named("team", teamPath)),
  },
  {
    permission: POLICY_PERMISSIONS.view,
    find: async (caller, q) =>
      (await searchPolicies(caller, q, HITS_MAX)).map(named("policy", policyPath)),
  },
  {
    permission: CLIENT_PERMISSIONS.view,
    find: async (caller, q) => {
      const found = await searchClients(caller, { q }, { limit: HITS_MAX });
      return found.outcome === "listed" ? found.clients.map(named("client", clientPath)) : [];
    },
  },
  {
    permission: DECISION_PERMISSIONS.view,
    find: async (caller, q) => {
      const decision = isId(q) ? await findDecision(caller, q) : null;
      if (decision === null) return [];
      const { id } = decision;
      return [{ kind: "decision", id, title: id, detail: null, href: decisionPath(id) }];
    },
  },
  {
    permission: AUDIT_PERMISSIONS.view,
    find: async (caller, q) => {
      if (!isId(q)) return [];
      const found = await listAuditEvents(caller, { id: q.toLowerCase() }, { limit: 1 });
      const event = found.outcome === "listed" ? found.events[0] : undefined;
      if (event === undefined) return [];
      const href = auditHref({ id: q.toLowerCase() });
      return [{ kind: "event", id: event.id, title: event.action, detail: q, href }];
    },
  },
];

async function findOrganizations(caller: Caller, q: string): Promise<Organization[]> {
  if (await managesOrganizations(caller)) {
    const found = await listOrganizations(caller, { q }, { limit: HITS_MAX });
    const byId = isId(q) ? await findOrganization(caller, q.toLowerCase()) : null;
    const listed = found.outcome === "listed" ? found.organizations : [];
    return byId === null ? listed : [byId];
  }
  const own = await findOrganization(caller, caller.principal.organizationId);
  const text = q.toLowerCase();
  const fits = own && (own.id === text || `${own.name}\n${own.slug}`.toLowerCase().includes(text));
  return fits ? [own] : [];
}

export type SearchResult =
  | { outcome: "found"; hits: Hit[] }
  | { outcome: "limited"; retryAfterSeconds: number };

/**
 * What bears the name or the id, of every kind that the caller may see and no further than they see it:
 * the first few of each kind. Asking is no refusal, whatever the caller lacks.
 */
export async function searchEverything(caller: Caller, q: string): Promise<SearchResult> {
  const budget = await spend(SEARCHES, caller.principal.userId);
  if (!budget.allowed) return { outcome: "limited", retryAfterSeconds: budget.retryAfterSeconds };
  const found = await Promise.all(
    SOURCES.map(async ({ permission, find }) =>
      (await can(caller, permission)) ? find(caller, q) : [],
    ),
  );
  return { outcome: "found", hits: found.flat() };
}
