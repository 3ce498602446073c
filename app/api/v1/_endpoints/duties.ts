import "server-only";
import { z } from "zod";
import { csvReply } from "@/app/api/csv-reply";
import { endpoint } from "@/app/api/endpoint";
import { entityTag, expectedVersion } from "@/app/api/entity-tag";
import { PAGE_QUERY, pageOf, pageWithin, unfitting } from "@/app/api/paging";
import { notFound } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import { PermissionKey } from "@/lib/authz/role.schema";
import { DutyConflictInput, WaiverDays, WaiverReason } from "@/lib/duties/duty.schema";
import { listViolations, type Violation } from "@/lib/duties/list-violations";
import {
  changeConflict,
  createConflict,
  type DutyConflict,
  deleteConflict,
  listConflicts,
} from "@/lib/duties/manage-conflicts";
import { DUTY_PERMISSIONS } from "@/lib/duties/permissions";
import { endWaiver, listWaivers, type WaiverRow, waiveConflict } from "@/lib/duties/waivers";
import { emptyReply, jsonReply } from "@/lib/platform/http/reply";
import { csvOf } from "@/lib/shared/csv";

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

const ViolationResource = z.object({
  conflictId: z.uuid(),
  conflictName: z.string(),
  holder: z.enum(["user", "service"]),
  holderId: z.string(),
  name: z.string(),
  waivedUntil: z.iso.datetime().nullable(),
  paths: z.array(
    z.object({
      side: z.enum(["left", "right"]),
      permissionKey: z.string(),
      roleName: z.string(),
      givenRoleName: z.string().describe("The inherited role that gives it, or the role itself."),
      teamName: z.string().nullable(),
      expiresAt: z.iso.datetime().nullable(),
    }),
  ),
});

const violationOf = (violation: Violation): z.infer<typeof ViolationResource> => ({
  ...violation,
  waivedUntil: violation.waivedUntil?.toISOString() ?? null,
  paths: violation.paths.map((path) => ({
    ...path,
    expiresAt: path.expiresAt?.toISOString() ?? null,
  })),
});

const WaiverResource = z.object({
  id: z.uuid(),
  conflictId: z.uuid(),
  userId: z.uuid(),
  reason: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});

const waiverOf = ({ id, conflictId, userId, reason, createdAt, expiresAt }: WaiverRow) => ({
  id,
  conflictId,
  userId,
  reason,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
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

const violationsEndpoint = endpoint({
  method: "GET",
  path: `${PATH}/violations`,
  tag: "Duties",
  summary: "Who holds both sides of a conflict, and by what paths; also as CSV",
  access: DUTY_PERMISSIONS.view,
  services: true,
  query: z.strictObject({ ...PAGE_QUERY, format: z.enum(["json", "csv"]).default("json") }),
  responses: {
    200: { description: "A page of people", schema: pageOf(ViolationResource) },
  },
  run: async ({ caller, query: { format, ...page } }) => {
    const { violations } = await listViolations(caller);
    if (format === "csv")
      return csvReply("violations", csvOf(VIOLATION_COLUMNS, csvRowsOf(violations)));
    const keyOf = ({ conflictId, holderId }: Violation) => `${conflictId} ${holderId}`;
    const { items, nextCursor } = pageWithin(violations, keyOf, page);
    return jsonReply(200, { items: items.map(violationOf), nextCursor });
  },
});

const VIOLATION_COLUMNS = [
  "conflict",
  "holder",
  "name",
  "waived until",
  "side",
  "permission",
  "role",
  "inherits",
  "team",
  "until",
];

/** One row a path; of whoever holds a side by a policy for everybody, one without. */
const csvRowsOf = (violations: Violation[]): string[][] =>
  violations.flatMap(({ conflictName, holder, name, waivedUntil, paths }) => {
    const who = [conflictName, holder, name, waivedUntil?.toISOString() ?? ""];
    if (paths.length === 0) return [[...who, "", "", "", "", "", ""]];
    return paths.map((path) => [
      ...who,
      path.side,
      path.permissionKey,
      path.roleName,
      path.givenRoleName === path.roleName ? "" : path.givenRoleName,
      path.teamName ?? "",
      path.expiresAt?.toISOString() ?? "",
    ]);
  });

const listWaiversEndpoint = endpoint({
  method: "GET",
  path: "/api/v1/duty-waivers",
  tag: "Duties",
  summary:
    "The waivers that hold in the caller's organization; the one that ends first comes first",
  access: DUTY_PERMISSIONS.view,
  services: true,
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of waivers", schema: pageOf(WaiverResource) } },
  run: async ({ caller, query }) => {
    const page = pageWithin(await listWaivers(caller), ({ id }) => id, query);
    return jsonReply(200, { ...page, items: page.items.map(waiverOf) });
  },
});

const waiveEndpoint = endpoint({
  method: "POST",
  path: `${PATH}/{id}/waivers`,
  tag: "Duties",
  summary: "Let somebody else hold both sides for some time; it gives them nothing",
  access: DUTY_PERMISSIONS.manage,
  params: Params,
  body: z.strictObject({ userId: z.uuid(), reason: WaiverReason, days: WaiverDays }),
  responses: {
    200: {
      description: "Until when it holds",
      schema: z.object({ expiresAt: z.iso.datetime() }),
    },
    409: { description: "For oneself" },
  },
  run: async ({ caller, params: { id: conflictId }, body: { userId, reason, days } }) => {
    const result = await waiveConflict(caller, { conflictId, user: userId, reason, days });
    if (result.outcome === "waived") {
      return jsonReply(200, { expiresAt: result.expiresAt.toISOString() });
    }
    if (result.outcome === "rejected" && result.reason === "unknown-user") {
      throw unfitting("userId", "The organization has no such member.");
    }
    throw refusalProblem("conflict", result);
  },
});

const endWaiverEndpoint = endpoint({
  method: "DELETE",
  path: "/api/v1/duty-waivers/{id}",
  tag: "Duties",
  summary: "End a waiver at once; what its user holds stays, and is reported",
  access: DUTY_PERMISSIONS.manage,
  params: Params,
  responses: { 204: { description: "It is over" } },
  run: async ({ caller, params: { id } }) => {
    if (!(await endWaiver(caller, id))) throw notFound("waiver");
    return emptyReply();
  },
});

export const DUTY_ENDPOINTS = [
  listEndpoint,
  createEndpoint,
  violationsEndpoint,
  changeEndpoint,
  deleteEndpoint,
  waiveEndpoint,
  listWaiversEndpoint,
  endWaiverEndpoint,
];
