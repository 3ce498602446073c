import "server-only";
import { z } from "zod";
import { previewChange } from "@/app/_impact/preview-change";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf, pageWithin } from "@/app/api/paging";
import { notFound } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import { isPreview, PREVIEW, PREVIEWABLE, previewReply } from "@/app/api/v1/_endpoints/impact";
import type { Probe } from "@/lib/authz/impact/probe";
import { emptyReply, jsonReply } from "@/lib/platform/http/reply";
import { listTeamMembers, listTeamRoles } from "@/lib/teams/list-teams";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";
import { addTeamMember, removeTeamMember } from "@/lib/teams/team-members";
import { giveTeamRole, takeTeamRole } from "@/lib/teams/team-roles";

const MEMBERS = "/api/v1/teams/{id}/members";
const ROLES = "/api/v1/teams/{id}/roles";

const Member = z.object({ userId: z.uuid(), email: z.string(), name: z.string().nullable() });

const Role = z.object({
  roleId: z.uuid(),
  name: z.string(),
  teamId: z.uuid().describe("The team that has the role: this, or one that it is within."),
  expiresAt: z.iso.datetime().nullable(),
  permissions: z.array(z.string()).describe("What it gives; nothing once it has run out."),
});

const Params = z.object({ id: z.string() });
const CONFIRM_QUERY = PREVIEW.extend({ confirm: z.enum(["true", "false"]).default("false") });
const BEYOND = { description: "The team gives, or would give, what the caller lacks" };
const PREVIEWED = { description: "What it would do", schema: PREVIEWABLE };
const NOT_FOUND = { outcome: "not-found" } as const;

const listMembers = endpoint({
  method: "GET",
  path: MEMBERS,
  tag: "Teams",
  summary: "Who is in a team, by address; without those who are only in a team within it",
  access: TEAM_PERMISSIONS.view,
  services: true,
  params: Params,
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of members", schema: pageOf(Member) } },
  run: async ({ caller, params: { id }, query }) => {
    const result = await listTeamMembers(caller, id, query);
    if (result.outcome !== "listed") throw refusalProblem("team", result);
    const items = result.members.map(({ userId, email, name }) => ({ userId, email, name }));
    return jsonReply(200, { items, nextCursor: result.nextCursor });
  },
});

const addMember = endpoint({
  method: "POST",
  path: MEMBERS,
  tag: "Teams",
  summary: "Put a user of the organization into a team; once more changes nothing",
  access: TEAM_PERMISSIONS.manage,
  params: Params,
  query: PREVIEW,
  body: z.strictObject({ userId: z.uuid() }),
  responses: { 200: PREVIEWED, 204: { description: "The user is in the team" }, 403: BEYOND },
  run: async ({ caller, params: { id }, query, body: { userId } }) => {
    const add = (probe?: Probe) => addTeamMember(caller, id, userId, { probe });
    const result = await (isPreview(query)
      ? previewChange(caller, add, { userIds: [userId] })
      : add());
    if (result.outcome === "previewed") return previewReply(result.impact);
    if (result.outcome !== "done") throw refusalProblem("team", result);
    return emptyReply();
  },
});

const removeMember = endpoint({
  method: "DELETE",
  path: `${MEMBERS}/{userId}`,
  tag: "Teams",
  summary: "Take a user out of a team",
  access: TEAM_PERMISSIONS.manage,
  params: z.object({ id: z.string(), userId: z.string() }),
  query: CONFIRM_QUERY,
  responses: {
    200: PREVIEWED,
    204: { description: "The user is not in the team" },
    403: BEYOND,
    409: { description: "No administrator would be left, or unconfirmed" },
  },
  run: async ({ caller, params: { id, userId }, query }) => {
    const confirmed = query.confirm === "true";
    const remove = (probe?: Probe) => removeTeamMember(caller, id, userId, { confirmed, probe });
    const result = await (isPreview(query)
      ? previewChange(caller, remove, { userIds: [userId] })
      : remove());
    if (result.outcome === "previewed") return previewReply(result.impact);
    const isNobody = result.outcome === "rejected" && result.reason === "unknown-user";
    if (isNobody) throw notFound("user");
    if (result.outcome !== "done") throw refusalProblem("team", result);
    if (!result.changed) throw notFound("user");
    return emptyReply();
  },
});

const listRoles = endpoint({
  method: "GET",
  path: ROLES,
  tag: "Teams",
  summary: "The roles of a team and of the teams that it is within, with what they give",
  access: TEAM_PERMISSIONS.view,
  services: true,
  params: Params,
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of roles", schema: pageOf(Role) } },
  run: async ({ caller, params: { id }, query }) => {
    const rows = await listTeamRoles(caller, id);
    if (rows === null) throw refusalProblem("team", NOT_FOUND);
    const items = rows.map(({ roleId, roleName, teamId, expiresAt, gives }) => ({
      roleId,
      name: roleName,
      teamId,
      expiresAt: expiresAt?.toISOString() ?? null,
      permissions: gives,
    }));
    return jsonReply(
      200,
      pageWithin(items, (item) => `${item.teamId}:${item.roleId}`, query),
    );
  },
});

const giveRole = endpoint({
  method: "POST",
  path: ROLES,
  tag: "Teams",
  summary: "Give a team a role, for a time if one is said; once more changes until when",
  access: TEAM_PERMISSIONS.manage,
  params: Params,
  query: PREVIEW,
  body: z.strictObject({
    roleId: z.uuid(),
    expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
  }),
  responses: { 200: PREVIEWED, 204: { description: "The team has the role" }, 403: BEYOND },
  run: async ({ caller, params: { id }, query, body: { roleId, expiresAt } }) => {
    const role = { roleId, expiresAt: expiresAt === null ? null : new Date(expiresAt) };
    const give = (probe?: Probe) => giveTeamRole(caller, id, role, { probe });
    const result = await (isPreview(query) ? previewChange(caller, give) : give());
    if (result.outcome === "previewed") return previewReply(result.impact);
    if (result.outcome !== "done") throw refusalProblem("team", result);
    return emptyReply();
  },
});

const takeRole = endpoint({
  method: "DELETE",
  path: `${ROLES}/{roleId}`,
  tag: "Teams",
  summary: "Take a role from a team",
  access: TEAM_PERMISSIONS.manage,
  params: z.object({ id: z.string(), roleId: z.string() }),
  query: CONFIRM_QUERY,
  responses: {
    200: PREVIEWED,
    204: { description: "The team does not have the role" },
    403: BEYOND,
    409: { description: "No administrator would be left, or unconfirmed" },
  },
  run: async ({ caller, params: { id, roleId }, query }) => {
    const confirmed = query.confirm === "true";
    const take = (probe?: Probe) => takeTeamRole(caller, id, roleId, { confirmed, probe });
    const result = await (isPreview(query) ? previewChange(caller, take) : take());
    if (result.outcome === "previewed") return previewReply(result.impact);
    if (result.outcome !== "done") throw refusalProblem("team", result);
    if (!result.changed) throw notFound("role");
    return emptyReply();
  },
});

export const TEAM_PART_ENDPOINTS = [
  listMembers,
  addMember,
  removeMember,
  listRoles,
  giveRole,
  takeRole,
];
