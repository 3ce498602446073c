import "server-only";
import { z } from "zod";
import { previewChange } from "@/app/_impact/preview-change";
import { endpoint } from "@/app/api/endpoint";
import { entityTag, expectedVersion } from "@/app/api/entity-tag";
import { PAGE_QUERY, pageOf, pageWithin } from "@/app/api/paging";
import { notFound } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import { isPreview, PREVIEW, PREVIEWABLE, previewReply } from "@/app/api/v1/_endpoints/impact";
import {
  assertConditionsFit,
  CONDITIONS,
  CONFIRM,
  Conditions,
  grantsOf,
  INHERITS,
  KEYS,
  ROLES_PATH,
  RoleParams,
  RoleResource,
  resourceOf,
  roleReply,
} from "@/app/api/v1/_endpoints/role-resource";
import type { Probe } from "@/lib/authz/impact/probe";
import { findRole, type Role } from "@/lib/authz/list-roles";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { PermissionKey } from "@/lib/authz/role.schema";
import { setRoleInheritance } from "@/lib/authz/set-role-inheritance";
import { setRolePermissions } from "@/lib/authz/set-role-permissions";
import { jsonReply } from "@/lib/platform/http/reply";

const Permissions = pageOf(
  z.object({ key: PermissionKey, condition: z.unknown().nullable() }),
).extend({ permissions: z.array(PermissionKey), conditions: Conditions });

const permissionsOf = (role: Role) =>
  Object.entries(role.grants).map(([key, reach]) => ({
    key,
    condition: reach === "all" ? null : reach,
  }));

const getRolePermissionsEndpoint = endpoint({
  method: "GET",
  path: `${ROLES_PATH}/{id}/permissions`,
  tag: "Roles",
  summary: "What a role gives",
  access: ROLE_PERMISSIONS.view,
  services: true,
  params: RoleParams,
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page, and the keys of all", schema: Permissions } },
  run: async ({ caller, params: { id }, query }) => {
    const role = await findRole(caller, id);
    if (role === null) throw notFound("role");
    const page = pageWithin(permissionsOf(role), (permission) => permission.key, query);
    const { permissions, conditions } = resourceOf(role);
    return jsonReply(200, { ...page, permissions, conditions }, entityTag(role.version));
  },
});

const putRolePermissionsEndpoint = endpoint({
  method: "PUT",
  path: `${ROLES_PATH}/{id}/permissions`,
  tag: "Roles",
  summary: "Make a role give exactly this, as one change",
  access: ROLE_PERMISSIONS.manage,
  params: RoleParams,
  query: PREVIEW,
  body: z.strictObject({ permissions: KEYS, conditions: CONDITIONS, confirm: CONFIRM }),
  responses: {
    200: { description: "What the role gives now", schema: z.union([Permissions, PREVIEWABLE]) },
    403: { description: "The role gives, or would give, what the caller lacks" },
    409: { description: "No administrator would be left, or unconfirmed" },
    412: { description: "Somebody changed it since" },
  },
  run: async ({ caller, params: { id }, query, body, header }) => {
    const { permissions: keys, conditions, confirm: confirmed } = body;
    assertConditionsFit(keys, conditions);
    const terms = { expectedVersion: expectedVersion(header("if-match")), confirmed };
    const save = (probe?: Probe) =>
      setRolePermissions(caller, id, grantsOf(keys, conditions), { ...terms, probe });
    const result = await (isPreview(query) ? previewChange(caller, save) : save());
    if (result.outcome === "previewed") return previewReply(result.impact);
    if (result.outcome !== "changed") throw refusalProblem("role", result);
    const { role } = result;
    const { permissions, conditions: limited } = resourceOf(role);
    return jsonReply(
      200,
      { items: permissionsOf(role), nextCursor: null, permissions, conditions: limited },
      entityTag(role.version),
    );
  },
});

const putRoleInheritsEndpoint = endpoint({
  method: "PUT",
  path: `${ROLES_PATH}/{id}/inherits`,
  tag: "Roles",
  summary: "Make a role inherit exactly these roles, as one change",
  access: ROLE_PERMISSIONS.manage,
  params: RoleParams,
  query: PREVIEW,
  body: z.strictObject({ inherits: INHERITS, confirm: CONFIRM }),
  responses: {
    200: { description: "The role", schema: z.union([RoleResource, PREVIEWABLE]) },
    403: { description: "The role gives, or would give, what the caller lacks" },
    409: { description: "It would inherit itself, no administrator would be left, or unconfirmed" },
    412: { description: "Somebody changed it since" },
  },
  run: async ({ caller, params: { id }, query, body: { inherits, confirm }, header }) => {
    const terms = { expectedVersion: expectedVersion(header("if-match")), confirmed: confirm };
    const save = (probe?: Probe) => setRoleInheritance(caller, id, inherits, { ...terms, probe });
    const result = await (isPreview(query) ? previewChange(caller, save) : save());
    if (result.outcome === "previewed") return previewReply(result.impact);
    if (result.outcome !== "changed") throw refusalProblem("role", result);
    return roleReply(200, result.role);
  },
});

export const ROLE_GIVES_ENDPOINTS = [
  getRolePermissionsEndpoint,
  putRolePermissionsEndpoint,
  putRoleInheritsEndpoint,
];
