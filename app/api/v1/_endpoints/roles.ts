import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { entityTag, expectedVersion } from "@/app/api/entity-tag";
import { PAGE_QUERY, pageOf, pageWithin, unfitting } from "@/app/api/paging";
import { notFound } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import { Condition } from "@/lib/authz/condition.schema";
import { createRole } from "@/lib/authz/create-role";
import { deleteRole } from "@/lib/authz/delete-role";
import { describeRole } from "@/lib/authz/describe-role";
import { findRole, listRoles, type Role } from "@/lib/authz/list-roles";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { PermissionKey, RoleDescription, type RoleGrants, RoleName } from "@/lib/authz/role.schema";
import { setRolePermissions } from "@/lib/authz/set-role-permissions";
import { emptyReply, jsonReply, type Reply } from "@/lib/platform/http/reply";

const PATH = "/api/v1/roles";

const Conditions = z
  .record(PermissionKey, z.unknown())
  .describe(
    "Of the permissions that are limited: `own` reaches only what the holder owns, an object is a condition.",
  );

const Resource = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  permissions: z.array(PermissionKey),
  conditions: Conditions,
  inherits: z.array(z.uuid()),
  userCount: z.int(),
  isDefault: z.boolean().describe("Given to whoever signs up."),
  emergency: z.boolean().describe("Can be taken for an hour by whoever may break the glass."),
  version: z.int().describe("Also the entity tag: send it back in If-Match."),
});

const Permissions = pageOf(
  z.object({ key: PermissionKey, condition: z.unknown().nullable() }),
).extend({ permissions: z.array(PermissionKey), conditions: Conditions });

const Params = z.object({ id: z.string() });

const KEYS = z
  .array(PermissionKey)
  .max(500, "Use at most 500 permissions.")
  .transform((keys) => [...new Set(keys)]);

const CONDITIONS = z
  .record(PermissionKey, z.union([z.literal("own"), Condition]))
  .optional()
  .describe("Without it, permissions that the role has already keep their condition.");

const CONFIRM = z
  .boolean()
  .default(false)
  .describe("Goes on although the caller loses permissions of their own.");

const conditionsOf = ({ grants }: Role): Record<string, unknown> =>
  Object.fromEntries(Object.entries(grants).filter(([, reach]) => reach !== "all"));

const resourceOf = (role: Role): z.infer<typeof Resource> => ({
  id: role.id,
  name: role.name,
  description: role.description,
  permissions: Object.keys(role.grants),
  conditions: conditionsOf(role),
  inherits: role.inherits,
  userCount: role.userCount,
  isDefault: role.isDefault,
  emergency: role.emergency,
  version: role.version,
});

const roleReply = (status: number, role: Role, headers: Reply["headers"] = {}): Reply =>
  jsonReply(status, resourceOf(role), { ...entityTag(role.version), ...headers });

/** Grants in terms of those that the role has: what is not said about a condition keeps it. */
const grantsOf =
  (keys: string[], conditions: RoleGrants | undefined) =>
  (present: Role["grants"]): RoleGrants => {
    const reachOf = (key: string) => {
      if (conditions !== undefined) return conditions[key] ?? "all";
      const kept = present[key] ?? "all";
      return kept === "unreadable" ? "own" : kept;
    };
    return Object.fromEntries(keys.map((key) => [key, reachOf(key)]));
  };

function assertConditionsFit(keys: string[], conditions: RoleGrants = {}): void {
  const stray = Object.keys(conditions).find((key) => !keys.includes(key));
  if (stray !== undefined) throw unfitting("conditions", `${stray} is not among the permissions.`);
}

const listRolesEndpoint = endpoint({
  method: "GET",
  path: PATH,
  tag: "Roles",
  summary: "The roles that the caller's organization can use, by name",
  access: ROLE_PERMISSIONS.view,
  services: true,
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of roles", schema: pageOf(Resource) } },
  run: async ({ caller, query }) => {
    const result = await listRoles(caller, query);
    if (result.outcome !== "listed") throw refusalProblem("role", result);
    return jsonReply(200, {
      items: result.roles.map(resourceOf),
      nextCursor: result.nextCursor,
      previousCursor: result.previousCursor,
    });
  },
});

const createRoleEndpoint = endpoint({
  method: "POST",
  path: PATH,
  tag: "Roles",
  summary: "Create a role that gives at most what the caller holds",
  access: ROLE_PERMISSIONS.manage,
  body: z.strictObject({
    name: RoleName,
    description: RoleDescription.default(""),
    permissions: KEYS.default([]),
    conditions: CONDITIONS,
  }),
  responses: {
    201: { description: "The new role", schema: Resource },
    403: { description: "It would give what the caller lacks" },
    409: { description: "The name is taken" },
  },
  run: async ({ caller, body: { name, description, permissions, conditions } }) => {
    assertConditionsFit(permissions, conditions);
    const grants = grantsOf(permissions, conditions)({});
    const result = await createRole(caller, { name, description, grants });
    if (result.outcome !== "created") throw refusalProblem("role", result);
    return roleReply(201, result.role, { location: `${PATH}/${result.role.id}` });
  },
});

const getRoleEndpoint = endpoint({
  method: "GET",
  path: `${PATH}/{id}`,
  tag: "Roles",
  summary: "One role, with its version as the entity tag",
  access: ROLE_PERMISSIONS.view,
  services: true,
  params: Params,
  responses: { 200: { description: "The role", schema: Resource } },
  run: async ({ caller, params: { id } }) => {
    const role = await findRole(caller, id);
    if (role === null) throw notFound("role");
    return roleReply(200, role);
  },
});

const updateRoleEndpoint = endpoint({
  method: "PATCH",
  path: `${PATH}/{id}`,
  tag: "Roles",
  summary:
    "Rename, describe or mark a role for emergencies, only at the version in If-Match when there is one",
  access: ROLE_PERMISSIONS.manage,
  params: Params,
  body: z
    .strictObject({
      name: RoleName.optional(),
      description: RoleDescription.optional(),
      emergency: z.boolean().optional(),
    })
    .refine((change) => Object.keys(change).length > 0, "Name at least one field to change."),
  responses: {
    200: { description: "The changed role", schema: Resource },
    403: { description: "The role gives what the caller lacks" },
    409: { description: "The name is taken" },
    412: { description: "Somebody changed it since" },
  },
  run: async ({ caller, params: { id }, body, header }) => {
    const terms = { expectedVersion: expectedVersion(header("if-match")), confirmed: false };
    const result = await describeRole(caller, id, body, terms);
    if (result.outcome !== "changed") throw refusalProblem("role", result);
    return roleReply(200, result.role);
  },
});

const deleteRoleEndpoint = endpoint({
  method: "DELETE",
  path: `${PATH}/{id}`,
  tag: "Roles",
  summary: "Delete a role; whoever had it loses it",
  access: ROLE_PERMISSIONS.manage,
  params: Params,
  query: z.strictObject({ confirm: z.enum(["true", "false"]).default("false") }),
  responses: {
    204: { description: "The role is gone" },
    403: { description: "The role gives what the caller lacks" },
    409: { description: "No administrator would be left, or unconfirmed" },
    412: { description: "Somebody changed it since" },
  },
  run: async ({ caller, params: { id }, query: { confirm }, header }) => {
    const version = expectedVersion(header("if-match"));
    const terms = { expectedVersion: version, confirmed: confirm === "true" };
    const result = await deleteRole(caller, id, terms);
    if (result.outcome !== "deleted") throw refusalProblem("role", result);
    return emptyReply();
  },
});

const permissionsOf = (role: Role) =>
  Object.entries(role.grants).map(([key, reach]) => ({
    key,
    condition: reach === "all" ? null : reach,
  }));

const getRolePermissionsEndpoint = endpoint({
  method: "GET",
  path: `${PATH}/{id}/permissions`,
  tag: "Roles",
  summary: "What a role gives",
  access: ROLE_PERMISSIONS.view,
  services: true,
  params: Params,
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
  path: `${PATH}/{id}/permissions`,
  tag: "Roles",
  summary: "Make a role give exactly this, as one change",
  access: ROLE_PERMISSIONS.manage,
  params: Params,
  body: z.strictObject({ permissions: KEYS, conditions: CONDITIONS, confirm: CONFIRM }),
  responses: {
    200: { description: "What the role gives now", schema: Permissions },
    403: { description: "The role gives, or would give, what the caller lacks" },
    409: { description: "No administrator would be left, or unconfirmed" },
    412: { description: "Somebody changed it since" },
  },
  run: async ({ caller, params: { id }, body, header }) => {
    const { permissions: keys, conditions, confirm: confirmed } = body;
    assertConditionsFit(keys, conditions);
    const terms = { expectedVersion: expectedVersion(header("if-match")), confirmed };
    const result = await setRolePermissions(caller, id, grantsOf(keys, conditions), terms);
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

export const ROLE_ENDPOINTS = [
  listRolesEndpoint,
  createRoleEndpoint,
  getRoleEndpoint,
  updateRoleEndpoint,
  deleteRoleEndpoint,
  getRolePermissionsEndpoint,
  putRolePermissionsEndpoint,
];
