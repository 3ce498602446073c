import "server-only";
import { z } from "zod";
import { previewChange } from "@/app/_impact/preview-change";
import { endpoint } from "@/app/api/endpoint";
import { entityTag, expectedVersion } from "@/app/api/entity-tag";
import { PAGE_QUERY, pageOf, pageWithin } from "@/app/api/paging";
import { notFound, ProblemError } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import { isPreview, PREVIEW, PREVIEWABLE, previewReply } from "@/app/api/v1/_endpoints/impact";
import type { Probe } from "@/lib/authz/impact/probe";
import { createOrganization } from "@/lib/organizations/create-organization";
import {
  deleteOrganization,
  listWhomDeletionReaches,
  type Obstacles,
} from "@/lib/organizations/delete-organization";
import {
  findOrganization,
  listOwnOrganizations,
  type Organization,
} from "@/lib/organizations/find-organizations";
import { NewOrganization, OrganizationChange } from "@/lib/organizations/organization.schema";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { renameOrganization } from "@/lib/organizations/rename-organization";
import { emptyReply, jsonReply, type Reply } from "@/lib/platform/http/reply";
import { COUNT_MAX } from "@/lib/shared/bounded-count";

const PATH = "/api/v1/organizations";

const Reference = z.object({ id: z.uuid(), slug: z.string(), name: z.string() });

const Own = Reference.extend({
  joinedAt: z.iso.datetime(),
  current: z.boolean().describe("The organization that the caller acts in."),
});

const Resource = Reference.extend({
  memberCount: z
    .int()
    .describe(`In a list, one more than ${COUNT_MAX} stands for all that are more.`),
  createdAt: z.iso.datetime(),
  version: z.int().describe("Also the entity tag: send it back in If-Match."),
});

const Params = z.object({ id: z.string() });

const resourceOf = ({ createdAt, ...organization }: Organization): z.infer<typeof Resource> => ({
  ...organization,
  createdAt: createdAt.toISOString(),
});

const organizationReply = (
  status: number,
  organization: Organization,
  headers: Reply["headers"] = {},
): Reply =>
  jsonReply(status, resourceOf(organization), { ...entityTag(organization.version), ...headers });

const listOwnEndpoint = endpoint({
  method: "GET",
  path: PATH,
  tag: "Organizations",
  summary: "Where the caller is a member, by name",
  access: "signed-in",
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of organizations", schema: pageOf(Own) } },
  run: async ({ caller, query }) => {
    const own = await listOwnOrganizations(caller);
    const { items, nextCursor } = pageWithin(own, ({ id }) => id, query);
    const current = caller.principal.organizationId;
    return jsonReply(200, {
      items: items.map(({ joinedAt, ...organization }) => ({
        ...organization,
        joinedAt: joinedAt.toISOString(),
        current: organization.id === current,
      })),
      nextCursor,
    });
  },
});

const createEndpoint = endpoint({
  method: "POST",
  path: PATH,
  tag: "Organizations",
  summary: "Create an organization whose first member is the caller",
  access: ORGANIZATION_PERMISSIONS.manage,
  body: NewOrganization,
  responses: {
    201: { description: "The new organization", schema: Resource },
    409: { description: "The slug is taken" },
  },
  run: async ({ caller, body }) => {
    const result = await createOrganization(caller, body);
    if (result.outcome !== "created") throw refusalProblem("organization", result);
    const { organization } = result;
    return organizationReply(201, organization, { location: `${PATH}/${organization.id}` });
  },
});

const getEndpoint = endpoint({
  method: "GET",
  path: `${PATH}/{id}`,
  tag: "Organizations",
  summary: "The caller's organization, or any for whoever manages them all",
  access: ORGANIZATION_PERMISSIONS.view,
  services: true,
  params: Params,
  responses: { 200: { description: "The organization", schema: Resource } },
  run: async ({ caller, params: { id } }) => {
    const organization = await findOrganization(caller, id);
    if (organization === null) throw notFound("organization");
    return organizationReply(200, organization);
  },
});

const updateEndpoint = endpoint({
  method: "PATCH",
  path: `${PATH}/{id}`,
  tag: "Organizations",
  summary: "Rename an organization, only at the version in If-Match when there is one",
  access: ORGANIZATION_PERMISSIONS.manage,
  params: Params,
  body: OrganizationChange,
  responses: {
    200: { description: "The changed organization", schema: Resource },
    409: { description: "The slug is taken" },
    412: { description: "Somebody changed it since" },
  },
  run: async ({ caller, params: { id }, body, header }) => {
    const version = expectedVersion(header("if-match"));
    const result = await renameOrganization(caller, id, body, version);
    if (result.outcome !== "changed") throw refusalProblem("organization", result);
    return organizationReply(200, result.organization);
  },
});

const OBSTACLE_WORDS: Record<keyof Obstacles, string> = {
  isDefault: "new accounts begin in it",
  invoices: "it has invoices",
  connections: "people sign in with its connections",
  serviceAccounts: "service accounts act in it",
  onlyHere: "it has members who are in no other",
};

const obstructed = (obstacles: Obstacles): ProblemError => {
  const words = Object.entries(OBSTACLE_WORDS)
    .filter(([name]) => Boolean(obstacles[name as keyof Obstacles]))
    .map(([, text]) => text);
  return new ProblemError({
    status: 409,
    code: "organization_obstructed",
    title: "Something hangs on this organization",
    detail: `Of what stands in the way: ${words.join("; ")}.`,
  });
};

const deleteEndpoint = endpoint({
  method: "DELETE",
  path: `${PATH}/{id}`,
  tag: "Organizations",
  summary: "Delete an organization that nothing hangs on",
  access: ORGANIZATION_PERMISSIONS.manage,
  params: Params,
  query: PREVIEW.extend({ confirm: z.enum(["true", "false"]).default("false") }),
  responses: {
    200: { description: "What deleting it would do", schema: PREVIEWABLE },
    204: { description: "The organization is gone" },
    409: { description: "Something stands in the way" },
    412: { description: "Somebody changed it since" },
  },
  run: async ({ caller, params: { id }, query, header }) => {
    const version = expectedVersion(header("if-match"));
    const terms = { expectedVersion: version, confirmed: query.confirm === "true" };
    const remove = (probe?: Probe) => deleteOrganization(caller, id, { ...terms, probe });
    const result = await (isPreview(query)
      ? previewChange(caller, remove, { userIds: await listWhomDeletionReaches(id) })
      : remove());
    if (result.outcome === "previewed") return previewReply(result.impact);
    if (result.outcome === "deleted") return emptyReply();
    if (result.outcome === "rejected" && result.reason === "obstructed") {
      throw obstructed(result.obstacles);
    }
    throw refusalProblem("organization", result);
  },
});

export const ORGANIZATION_ENDPOINTS = [
  listOwnEndpoint,
  createEndpoint,
  getEndpoint,
  updateEndpoint,
  deleteEndpoint,
];
