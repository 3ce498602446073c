import "server-only";
import { z } from "zod";
import { previewChange } from "@/app/_impact/preview-change";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf, pageWithin } from "@/app/api/paging";
import { ProblemError } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import { isPreview, PREVIEW, PREVIEWABLE, previewReply } from "@/app/api/v1/_endpoints/impact";
import type { Probe } from "@/lib/authz/impact/probe";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { jsonReply } from "@/lib/platform/http/reply";
import { assignServiceRoles, listServiceRoles } from "@/lib/service-accounts/service-roles";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { RoleIds } from "@/lib/users/user.schema";

const PATH = "/api/v1/clients/{id}/roles";

const Roles = pageOf(z.object({ id: z.uuid(), name: z.string() })).extend({
  roleIds: z.array(z.uuid()),
});

const Params = z.object({ id: z.string() });

const notAService = (): ProblemError =>
  new ProblemError({
    status: 409,
    code: "not_a_service",
    title: "This client acts for users",
    detail: "Only a client of the kind service has roles of its own.",
  });

const getClientRoles = endpoint({
  method: "GET",
  path: PATH,
  tag: "Clients",
  summary: "The roles of a service account, by name",
  access: ROLE_PERMISSIONS.view,
  services: true,
  params: Params,
  query: z.strictObject(PAGE_QUERY),
  responses: {
    200: { description: "A page, and the ids of all", schema: Roles },
    409: { description: "The client is of another kind" },
  },
  run: async ({ caller, params: { id }, query }) => {
    const result = await listServiceRoles(caller, id);
    if (result.outcome === "rejected") throw notAService();
    if (result.outcome === "not-found") throw refusalProblem("client", result);
    const page = pageWithin(result.roles, (role) => role.id, query);
    return jsonReply(200, { ...page, roleIds: result.roles.map((role) => role.id) });
  },
});

const putClientRoles = endpoint({
  method: "PUT",
  path: PATH,
  tag: "Clients",
  summary: "Make these the roles of a service account, as one change",
  access: USER_PERMISSIONS.assignRoles,
  params: Params,
  query: PREVIEW,
  body: z.strictObject({ roleIds: RoleIds }),
  responses: {
    200: { description: "The roles that it has now", schema: z.union([Roles, PREVIEWABLE]) },
    403: { description: "A role, or the account, gives what the caller lacks" },
    409: { description: "The client is of another kind" },
  },
  run: async ({ caller, params: { id }, query, body: { roleIds } }) => {
    const save = (probe?: Probe) => assignServiceRoles(caller, id, roleIds, probe);
    const result = await (isPreview(query)
      ? previewChange(caller, save, { clientIds: [id] })
      : save());
    if (result.outcome === "previewed") return previewReply(result.impact);
    if (result.outcome === "rejected" && result.reason === "not-a-service") throw notAService();
    if (result.outcome !== "assigned") throw refusalProblem("client", result);
    const { roles } = result;
    return jsonReply(200, {
      items: roles,
      nextCursor: null,
      roleIds: roles.map((role) => role.id),
    });
  },
});

export const CLIENT_ROLE_ENDPOINTS = [getClientRoles, putClientRoles];
