import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { entityTag, expectedVersion } from "@/app/api/entity-tag";
import { PAGE_QUERY, pageOf, pageWithin } from "@/app/api/paging";
import { refusalProblem } from "@/app/api/refusals";
import { PermissionKey } from "@/lib/authz/role.schema";
import { DutyConflictInput } from "@/lib/duties/duty.schema";
import {
  changeConflict,
  createConflict,
  type DutyConflict,
  deleteConflict,
  listConflicts,
} from "@/lib/duties/manage-conflicts";
import { DUTY_PERMISSIONS } from "@/lib/duties/permissions";
import { emptyReply, jsonReply } from "@/lib/platform/http/reply";

const PATH = "/api/v1/duty-conflicts";
const Params = z.object({ id: z.string() });

const Resource = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  left: z.array(PermissionKey),
  right: z.array(PermissionKey),
  everywhere: z.boolean().describe("In every organization, not only in the caller's."),
  version: z.int().describe("Also the entity tag: send it back in If-Match."),
});

const resourceOf = (conflict: DutyConflict): z.infer<typeof Resource> => ({
  id: conflict.id,
  name: conflict.name,
  description: conflict.description,
  left: conflict.leftKeys,
  right: conflict.rightKeys,
  everywhere: conflict.organizationId === null,
  version: conflict.version,
});

const listEndpoint = endpoint({
  method: "GET",
  path: PATH,
  tag: "Duties",
  summary: "What nobody may hold together in the caller's organization, by name",
  access: DUTY_PERMISSIONS.view,
  services: true,
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of conflicts", schema: pageOf(Resource) } },
  run: async ({ caller, query }) => {
    const page = pageWithin(await listConflicts(caller), ({ id }) => id, query);
    return jsonReply(200, { ...page, items: page.items.map(resourceOf) });
  },
});

const createEndpoint = endpoint({
  method: "POST",
  path: PATH,
  tag: "Duties",
  summary: "Say that nobody may hold one of the left and one of the right permissions",
  access: DUTY_PERMISSIONS.manage,
  body: DutyConflictInput,
  responses: {
    201: { description: "The new conflict", schema: Resource },
    403: { description: "For every organization, and the caller manages duties in one" },
    409: { description: "The name is taken, or there are as many conflicts as there can be" },
  },
  run: async ({ caller, body }) => {
    const result = await createConflict(caller, body);
    if (result.outcome !== "created") throw refusalProblem("conflict", result);
    const { conflict } = result;
    return jsonReply(201, resourceOf(conflict), {
      ...entityTag(conflict.version),
      location: `${PATH}/${conflict.id}`,
    });
  },
});

const changeEndpoint = endpoint({
  method: "PUT",
  path: `${PATH}/{id}`,
  tag: "Duties",
  summary:
    "Change a conflict, only at the version in If-Match when there is one; it stays where it holds",
  access: DUTY_PERMISSIONS.manage,
  params: Params,
  body: DutyConflictInput,
  responses: {
    200: { description: "The changed conflict", schema: Resource },
    409: { description: "The name is taken, or it would be narrowed for oneself" },
    412: { description: "Somebody changed it since" },
  },
  run: async ({ caller, params: { id }, body, header }) => {
    const result = await changeConflict(caller, id, body, expectedVersion(header("if-match")));
    if (result.outcome !== "changed") throw refusalProblem("conflict", result);
    return jsonReply(200, resourceOf(result.conflict), entityTag(result.conflict.version));
  },
});

const deleteEndpoint = endpoint({
  method: "DELETE",
  path: `${PATH}/{id}`,
  tag: "Duties",
  summary: "Delete a conflict together with its waivers",
  access: DUTY_PERMISSIONS.manage,
  params: Params,
  responses: {
    204: { description: "It is gone" },
    409: { description: "For oneself: the caller holds a side of it" },
  },
  run: async ({ caller, params: { id } }) => {
    const result = await deleteConflict(caller, id);
    if (result.outcome !== "deleted") throw refusalProblem("conflict", result);
    return emptyReply();
  },
});

export const DUTY_ENDPOINTS = [listEndpoint, createEndpoint, changeEndpoint, deleteEndpoint];
