import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { entityTag, expectedVersion } from "@/app/api/entity-tag";
import { PAGE_QUERY, pageOf, pageWithin } from "@/app/api/paging";
import { policyProblem } from "@/app/api/policy-problems";
import { notFound } from "@/app/api/problems";
import { emptyReply, jsonReply, type Reply } from "@/lib/platform/http/reply";
import { createPolicy } from "@/lib/policies/create-policy";
import { deletePolicy } from "@/lib/policies/delete-policy";
import { describePolicy } from "@/lib/policies/describe-policy";
import type { PolicyRow, ShadowCountRow, VersionRow } from "@/lib/policies/list-policies";
import { findPolicy, listPolicies } from "@/lib/policies/list-policies";
import { POLICY_PERMISSIONS } from "@/lib/policies/permissions";
import {
  PolicyContent,
  PolicyDescription,
  PolicyName,
  PolicyPlace,
} from "@/lib/policies/policy.schema";
import { diffVersions } from "@/lib/policies/policy-diff";
import { activateVersion, deactivatePolicy } from "@/lib/policies/put-in-force";
import { saveVersion } from "@/lib/policies/save-version";
import { setShadow } from "@/lib/policies/set-shadow";

const PATH = "/api/v1/policies";
const TAG = "Policies";

const Resource = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  place: PolicyPlace.describe("Where it counts: in the organization, or on the whole instance."),
  activeNumber: z.int().nullable().describe("The version that is in force."),
  shadowNumber: z.int().nullable().describe("The version that is only counted."),
  version: z.int().describe("Also the entity tag: send it back in If-Match."),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

const Version = z.object({
  number: z.int(),
  effect: z.enum(["allow", "deny"]),
  permissions: z.array(z.string()),
  fields: z.array(z.string()).describe("A deny hides these fields only; empty is all of it."),
  condition: z.unknown().nullable().describe("Null always holds."),
  note: z.string(),
  createdAt: z.iso.datetime(),
  createdBy: z.string().nullable(),
  diff: z.array(z.unknown()).describe("What it says differently than the version before it."),
});

const ShadowCount = z.object({
  number: z.int(),
  day: z.iso.date(),
  permission: z.string(),
  wouldAllow: z.int(),
  wouldDeny: z.int(),
});

const Detailed = Resource.extend({ shadowCounts: z.array(ShadowCount) });

const Params = z.object({ id: z.string() });
const Confirm = z
  .boolean()
  .default(false)
  .describe("Goes on although the caller loses permissions of their own.");
const VersionNumber = z.int().min(1).max(100_000);

const resourceOf = (policy: PolicyRow): z.infer<typeof Resource> => {
  const { id, name, description, activeNumber, shadowNumber, version } = policy;
  return {
    id,
    name,
    description,
    place: policy.organizationId === null ? "instance" : "organization",
    activeNumber,
    shadowNumber,
    version,
    createdAt: policy.createdAt.toISOString(),
    updatedAt: policy.updatedAt.toISOString(),
  };
};

const versionOf = (version: VersionRow, before: VersionRow | undefined) => ({
  ...version,
  createdAt: version.createdAt.toISOString(),
  diff: diffVersions(before ?? null, version),
});

const countOf = ({ number, day, permissionKey, wouldAllow, wouldDeny }: ShadowCountRow) => ({
  number,
  day: day.toISOString().slice(0, 10),
  permission: permissionKey,
  wouldAllow,
  wouldDeny,
});

const policyReply = (status: number, policy: PolicyRow, headers: Reply["headers"] = {}): Reply =>
  jsonReply(status, resourceOf(policy), { ...entityTag(policy.version), ...headers });

const termsOf = (header: (name: string) => string | null, confirmed = false) => ({
  expectedVersion: expectedVersion(header("if-match")),
  confirmed,
});

const CHANGED = {
  200: { description: "The changed policy", schema: Resource },
  403: { description: "It decides about what the caller lacks" },
  409: { description: "It cannot be so now, or is unconfirmed" },
  412: { description: "Somebody changed it since" },
};

const listEndpoint = endpoint({
  method: "GET",
  path: PATH,
  tag: TAG,
  summary: "The policies that count in the caller's organization, by name",
  access: POLICY_PERMISSIONS.view,
  services: true,
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of policies", schema: pageOf(Resource) } },
  run: async ({ caller, query }) => {
    const result = await listPolicies(caller, query);
    if (result.outcome !== "listed") throw policyProblem(result);
    const { policies, nextCursor, previousCursor } = result;
    return jsonReply(200, { items: policies.map(resourceOf), nextCursor, previousCursor });
  },
});

const createEndpoint = endpoint({
  method: "POST",
  path: PATH,
  tag: TAG,
  summary: "Write a policy down as its first version, which is not in force",
  access: POLICY_PERMISSIONS.manage,
  body: z.strictObject({
    name: PolicyName,
    description: PolicyDescription.default(""),
    place: PolicyPlace.default("organization"),
    ...PolicyContent.shape,
  }),
  responses: {
    201: { description: "The new policy", schema: Resource },
    403: { description: "It would count further than the caller's permissions" },
    409: { description: "The name is taken" },
  },
  run: async ({ caller, body: { name, description, place, ...content } }) => {
    const result = await createPolicy(caller, { name, description, place, content });
    if (result.outcome !== "created") throw policyProblem(result);
    return policyReply(201, result.policy, { location: `${PATH}/${result.policy.id}` });
  },
});

const getEndpoint = endpoint({
  method: "GET",
  path: `${PATH}/{id}`,
  tag: TAG,
  summary: "One policy, with what its versions in shadow would have changed",
  access: POLICY_PERMISSIONS.view,
  services: true,
  params: Params,
  responses: { 200: { description: "The policy", schema: Detailed } },
  run: async ({ caller, params: { id } }) => {
    const details = await findPolicy(caller, id);
    if (details === null) throw notFound("policy");
    const { policy, shadowCounts } = details;
    const body = { ...resourceOf(policy), shadowCounts: shadowCounts.map(countOf) };
    return jsonReply(200, body, entityTag(policy.version));
  },
});

const updateEndpoint = endpoint({
  method: "PATCH",
  path: `${PATH}/{id}`,
  tag: TAG,
  summary: "Rename or describe a policy, only at the version in If-Match when there is one",
  access: POLICY_PERMISSIONS.manage,
  params: Params,
  body: z
    .strictObject({ name: PolicyName.optional(), description: PolicyDescription.optional() })
    .refine((change) => Object.keys(change).length > 0, "Name at least one field to change."),
  responses: CHANGED,
  run: async ({ caller, params: { id }, body, header }) => {
    const result = await describePolicy(caller, id, body, termsOf(header));
    if (result.outcome !== "changed") throw policyProblem(result);
    return policyReply(200, result.policy);
  },
});

const deleteEndpoint = endpoint({
  method: "DELETE",
  path: `${PATH}/{id}`,
  tag: TAG,
  summary: "Delete a policy that is not in force, with its versions",
  access: POLICY_PERMISSIONS.manage,
  params: Params,
  responses: {
    204: { description: "The policy is gone" },
    409: { description: "It is in force" },
    412: { description: "Somebody changed it since" },
  },
  run: async ({ caller, params: { id }, header }) => {
    const result = await deletePolicy(caller, id, termsOf(header));
    if (result.outcome !== "deleted") throw policyProblem(result);
    return emptyReply();
  },
});

const listVersionsEndpoint = endpoint({
  method: "GET",
  path: `${PATH}/{id}/versions`,
  tag: TAG,
  summary: "The versions of a policy, newest first",
  access: POLICY_PERMISSIONS.view,
  services: true,
  params: Params,
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of versions", schema: pageOf(Version) } },
  run: async ({ caller, params: { id }, query }) => {
    const details = await findPolicy(caller, id);
    if (details === null) throw notFound("policy");
    const { policy, versions } = details;
    const all = versions.map((version, index) => versionOf(version, versions[index + 1]));
    const page = pageWithin(all, ({ number }) => String(number), query);
    return jsonReply(200, page, entityTag(policy.version));
  },
});

const saveVersionEndpoint = endpoint({
  method: "POST",
  path: `${PATH}/{id}/versions`,
  tag: TAG,
  summary: "Write a further version, which is not in force",
  access: POLICY_PERMISSIONS.manage,
  params: Params,
  body: PolicyContent,
  responses: {
    201: { description: "The policy and the number", schema: Resource.extend({ number: z.int() }) },
    409: { description: "It says the same as the newest" },
    412: { description: "Somebody changed it since" },
  },
  run: async ({ caller, params: { id }, body, header }) => {
    const result = await saveVersion(caller, id, body, termsOf(header));
    if (result.outcome !== "saved") throw policyProblem(result);
    const { policy, number } = result;
    return jsonReply(201, { ...resourceOf(policy), number }, entityTag(policy.version));
  },
});

const activateEndpoint = endpoint({
  method: "POST",
  path: `${PATH}/{id}/activate`,
  tag: TAG,
  summary: "Put a version in force; an earlier one rolls back",
  access: POLICY_PERMISSIONS.manage,
  params: Params,
  body: z.strictObject({ number: VersionNumber, confirm: Confirm }),
  responses: CHANGED,
  run: async ({ caller, params: { id }, body: { number, confirm }, header }) => {
    const result = await activateVersion(caller, id, number, termsOf(header, confirm));
    if (result.outcome !== "changed") throw policyProblem(result);
    return policyReply(200, result.policy);
  },
});

const shadowEndpoint = endpoint({
  method: "POST",
  path: `${PATH}/{id}/shadow`,
  tag: TAG,
  summary: "Count what a version would change, without changing it; null ends that",
  access: POLICY_PERMISSIONS.manage,
  params: Params,
  body: z.strictObject({ number: VersionNumber.nullable() }),
  responses: CHANGED,
  run: async ({ caller, params: { id }, body: { number }, header }) => {
    const result = await setShadow(caller, id, number, termsOf(header));
    if (result.outcome !== "changed") throw policyProblem(result);
    return policyReply(200, result.policy);
  },
});

const deactivateEndpoint = endpoint({
  method: "POST",
  path: `${PATH}/{id}/deactivate`,
  tag: TAG,
  summary: "Take a policy out of force",
  access: POLICY_PERMISSIONS.manage,
  params: Params,
  body: z.strictObject({ confirm: Confirm }),
  responses: CHANGED,
  run: async ({ caller, params: { id }, body: { confirm }, header }) => {
    const result = await deactivatePolicy(caller, id, termsOf(header, confirm));
    if (result.outcome !== "changed") throw policyProblem(result);
    return policyReply(200, result.policy);
  },
});

export const POLICY_ENDPOINTS = [
  listEndpoint,
  createEndpoint,
  getEndpoint,
  updateEndpoint,
  deleteEndpoint,
  listVersionsEndpoint,
  saveVersionEndpoint,
  activateEndpoint,
  shadowEndpoint,
  deactivateEndpoint,
];
