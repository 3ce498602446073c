import "server-only";
import { z } from "zod";
import { previewChange } from "@/app/_impact/preview-change";
import { endpoint } from "@/app/api/endpoint";
import { entityTag, expectedVersion } from "@/app/api/entity-tag";
import { PAGE_QUERY, pageOf, unfitting } from "@/app/api/paging";
import { notFound } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import { isPreview, PREVIEW, PREVIEWABLE, previewReply } from "@/app/api/v1/_endpoints/impact";
import type { Probe } from "@/lib/authz/impact/probe";
import { emptyReply, jsonReply, type Reply } from "@/lib/platform/http/reply";
import { createTeam } from "@/lib/teams/create-team";
import { deleteTeam } from "@/lib/teams/delete-team";
import { describeTeam } from "@/lib/teams/describe-team";
import { findTeam, listTeams, type Team } from "@/lib/teams/list-teams";
import { moveTeam } from "@/lib/teams/move-team";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";
import { TeamDescription, TeamName } from "@/lib/teams/team.schema";

const PATH = "/api/v1/teams";

const Resource = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  parentId: z.uuid().nullable().describe("The team that it is within; null at the top."),
  memberCount: z.int().describe("Without those who are only in a team within it."),
  roleCount: z.int().describe("Without those of the teams that it is within."),
  createdAt: z.iso.datetime(),
  version: z.int().describe("Also the entity tag: send it back in If-Match."),
});

const Params = z.object({ id: z.string() });

const CONFIRM = z
  .boolean()
  .default(false)
  .describe("Goes on although the caller loses permissions of their own.");

const resourceOf = (team: Team): z.infer<typeof Resource> => ({
  id: team.id,
  name: team.name,
  description: team.description,
  parentId: team.parentId,
  memberCount: team.memberCount,
  roleCount: team.roleCount,
  createdAt: team.createdAt.toISOString(),
  version: team.version,
});

const teamReply = (status: number, team: Team, headers: Reply["headers"] = {}): Reply =>
  jsonReply(status, resourceOf(team), { ...entityTag(team.version), ...headers });

const listTeamsEndpoint = endpoint({
  method: "GET",
  path: PATH,
  tag: "Teams",
  summary: "The teams of the caller's organization, by name",
  access: TEAM_PERMISSIONS.view,
  services: true,
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of teams", schema: pageOf(Resource) } },
  run: async ({ caller, query }) => {
    const result = await listTeams(caller, query);
    if (result.outcome !== "listed") throw refusalProblem("team", result);
    const { teams, nextCursor } = result;
    return jsonReply(200, { items: teams.map(resourceOf), nextCursor });
  },
});

const createTeamEndpoint = endpoint({
  method: "POST",
  path: PATH,
  tag: "Teams",
  summary: "Create a team, within another one when that gives at most what the caller holds",
  access: TEAM_PERMISSIONS.manage,
  body: z.strictObject({
    name: TeamName,
    description: TeamDescription.default(""),
    parentId: z.uuid().nullable().default(null),
  }),
  responses: {
    201: { description: "The new team", schema: Resource },
    403: { description: "The team that it would be within gives what the caller lacks" },
    409: { description: "The name is taken" },
  },
  run: async ({ caller, body }) => {
    const result = await createTeam(caller, body);
    if (result.outcome !== "created") throw refusalProblem("team", result);
    return teamReply(201, result.team, { location: `${PATH}/${result.team.id}` });
  },
});

const getTeamEndpoint = endpoint({
  method: "GET",
  path: `${PATH}/{id}`,
  tag: "Teams",
  summary: "One team, with its version as the entity tag",
  access: TEAM_PERMISSIONS.view,
  services: true,
  params: Params,
  responses: { 200: { description: "The team", schema: Resource } },
  run: async ({ caller, params: { id } }) => {
    const team = await findTeam(caller, id);
    if (team === null) throw notFound("team");
    return teamReply(200, team);
  },
});

const updateTeamEndpoint = endpoint({
  method: "PATCH",
  path: `${PATH}/{id}`,
  tag: "Teams",
  summary:
    "Rename or describe a team, or else move it, only at the version in If-Match if there is one",
  access: TEAM_PERMISSIONS.manage,
  params: Params,
  query: PREVIEW,
  body: z.union([
    z
      .strictObject({ name: TeamName.optional(), description: TeamDescription.optional() })
      .refine((change) => Object.keys(change).length > 0, "Name at least one field to change."),
    z.strictObject({ parentId: z.uuid().nullable(), confirm: CONFIRM }),
  ]),
  responses: {
    200: { description: "The changed team", schema: z.union([Resource, PREVIEWABLE]) },
    403: { description: "The team, its new place or somebody in it has what the caller lacks" },
    409: { description: "The name is taken, or the team would be within itself" },
    412: { description: "Somebody changed it since" },
  },
  run: async ({ caller, params: { id }, query, body, header }) => {
    const version = expectedVersion(header("if-match"));
    if (!("parentId" in body)) {
      if (isPreview(query)) throw unfitting("preview", "Only moving a team has a preview.");
      const described = await describeTeam(caller, id, body, version);
      if (described.outcome !== "changed") throw refusalProblem("team", described);
      return teamReply(200, described.team);
    }
    const terms = { expectedVersion: version, confirmed: body.confirm };
    const move = (probe?: Probe) => moveTeam(caller, id, body.parentId, { ...terms, probe });
    const result = await (isPreview(query) ? previewChange(caller, move) : move());
    if (result.outcome === "previewed") return previewReply(result.impact);
    if (result.outcome !== "changed") throw refusalProblem("team", result);
    return teamReply(200, result.team);
  },
});

const deleteTeamEndpoint = endpoint({
  method: "DELETE",
  path: `${PATH}/{id}`,
  tag: "Teams",
  summary: "Delete a team that has no team within it; its members lose what it gave",
  access: TEAM_PERMISSIONS.manage,
  params: Params,
  query: PREVIEW.extend({ confirm: z.enum(["true", "false"]).default("false") }),
  responses: {
    200: { description: "What deleting it would do", schema: PREVIEWABLE },
    204: { description: "The team is gone" },
    403: { description: "The team, or somebody in it, has what the caller lacks" },
    409: { description: "There are teams within it, or unconfirmed" },
    412: { description: "Somebody changed it since" },
  },
  run: async ({ caller, params: { id }, query, header }) => {
    const version = expectedVersion(header("if-match"));
    const terms = { expectedVersion: version, confirmed: query.confirm === "true" };
    const remove = (probe?: Probe) => deleteTeam(caller, id, { ...terms, probe });
    const result = await (isPreview(query) ? previewChange(caller, remove) : remove());
    if (result.outcome === "previewed") return previewReply(result.impact);
    if (result.outcome !== "deleted") throw refusalProblem("team", result);
    return emptyReply();
  },
});

export const TEAM_ENDPOINTS = [
  listTeamsEndpoint,
  createTeamEndpoint,
  getTeamEndpoint,
  updateTeamEndpoint,
  deleteTeamEndpoint,
];
