import "server-only";
import { z } from "zod";
import { previewChange } from "@/app/_impact/preview-change";
import { endpoint } from "@/app/api/endpoint";
import { expectedVersion } from "@/app/api/entity-tag";
import { PAGE_QUERY, pageOf } from "@/app/api/paging";
import { notFound } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import { isPreview, PREVIEW, PREVIEWABLE, previewReply } from "@/app/api/v1/_endpoints/impact";
import { ROLE_GIVES_ENDPOINTS } from "@/app/api/v1/_endpoints/role-gives";
import {
  assertConditionsFit,
  CONDITIONS,
  grantsOf,
  INHERITS,
  KEYS,
  ROLES_PATH,
  RoleParams,
  RoleResource,
  resourceOf,
  roleReply,
} from "@/app/api/v1/_endpoints/role-resource";
import { createRole } from "@/lib/authz/create-role";
import { deleteRole } from "@/lib/authz/delete-role";
import { describeRole } from "@/lib/authz/describe-role";
import type { Probe } from "@/lib/authz/impact/probe";
import { findRole, listRoles } from "@/lib/authz/list-roles";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { RoleDescription, RoleName } from "@/lib/authz/role.schema";
import { emptyReply, jsonReply } from "@/lib/platform/http/reply";

const listRolesEndpoint = endpoint({
  method: "GET",
  path: ROLES_PATH,
  tag: "Roles",
  summary: "The roles that the caller's organization can use, by name",
  access: ROLE_PERMISSIONS.view,
  services: true,
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of roles", schema: pageOf(RoleResource) } },
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
  path: ROLES_PATH,
  tag: "Roles",
  summary: "Create a role that gives at most what the caller holds",
  access: ROLE_PERMISSIONS.manage,
  body: z.strictObject({
    name: RoleName,
    description: RoleDescription.default(""),
    permissions: KEYS.default([]),
    conditions: CONDITIONS,
    inherits: INHERITS.default([]),
  }),
  responses: {
    201: { description: "The new role", schema: RoleResource },
    403: { description: "It would give what the caller lacks" },
    409: { description: "The name is taken" },
  },
  run: async ({ caller, body: { name, description, permissions, conditions, inherits } }) => {
    assertConditionsFit(permissions, conditions);
    const grants = grantsOf(permissions, conditions)({});
    const result = await createRole(caller, { name, description, grants, inherits });
    if (result.outcome !== "created") throw refusalProblem("role", result);
    return roleReply(201, result.role, { location: `${ROLES_PATH}/${result.role.id}` });
  },
});

const getRoleEndpoint = endpoint({
  method: "GET",
  path: `${ROLES_PATH}/{id}`,
  tag: "Roles",
  summary: "One role, with its version as the entity tag",
  access: ROLE_PERMISSIONS.view,
  services: true,
  params: RoleParams,
  responses: { 200: { description: "The role", schema: RoleResource } },
  run: async ({ caller, params: { id } }) => {
    const role = await findRole(caller, id);
    if (role === null) throw notFound("role");
    return roleReply(200, role);
  },
});

const updateRoleEndpoint = endpoint({
  method: "PATCH",
  path: `${ROLES_PATH}/{id}`,
  tag: "Roles",
  summary:
    "Rename, describe or mark a role for emergencies, only at the version in If-Match when there is one",
  access: ROLE_PERMISSIONS.manage,
  params: RoleParams,
  body: z
    .strictObject({
      name: RoleName.optional(),
      description: RoleDescription.optional(),
      emergency: z.boolean().optional(),
    })
    .refine((change) => Object.keys(change).length > 0, "Name at least one field to change."),
  responses: {
    200: { description: "The changed role", schema: RoleResource },
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
  path: `${ROLES_PATH}/{id}`,
  tag: "Roles",
  summary: "Delete a role; whoever had it loses it",
  access: ROLE_PERMISSIONS.manage,
  params: RoleParams,
  query: PREVIEW.extend({ confirm: z.enum(["true", "false"]).default("false") }),
  responses: {
    200: { description: "What deleting it would do", schema: PREVIEWABLE },
    204: { description: "The role is gone" },
    403: { description: "The role gives what the caller lacks" },
    409: { description: "No administrator would be left, or unconfirmed" },
    412: { description: "Somebody changed it since" },
  },
  run: async ({ caller, params: { id }, query, header }) => {
    const version = expectedVersion(header("if-match"));
    const terms = { expectedVersion: version, confirmed: query.confirm === "true" };
    const remove = (probe?: Probe) => deleteRole(caller, id, { ...terms, probe });
    const result = await (isPreview(query) ? previewChange(caller, remove) : remove());
    if (result.outcome === "previewed") return previewReply(result.impact);
    if (result.outcome !== "deleted") throw refusalProblem("role", result);
    return emptyReply();
  },
});

export const ROLE_ENDPOINTS = [
  listRolesEndpoint,
  createRoleEndpoint,
  getRoleEndpoint,
  updateRoleEndpoint,
  deleteRoleEndpoint,
  ...ROLE_GIVES_ENDPOINTS,
];
