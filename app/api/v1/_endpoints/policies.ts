import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { entityTag } from "@/app/api/entity-tag";
import { PAGE_QUERY, pageOf } from "@/app/api/paging";
import { policyProblem } from "@/app/api/policy-problems";
import { notFound } from "@/app/api/problems";
import {
  CHANGED,
  PATH,
  Params,
  policyReply,
  Resource,
  resourceOf,
  TAG,
  termsOf,
} from "@/app/api/v1/_endpoints/policy-resource";
import { POLICY_VERSION_ENDPOINTS } from "@/app/api/v1/_endpoints/policy-versions";
import { emptyReply, jsonReply } from "@/lib/platform/http/reply";
import { createPolicy } from "@/lib/policies/create-policy";
import { deletePolicy } from "@/lib/policies/delete-policy";
import { describePolicy } from "@/lib/policies/describe-policy";
import { findPolicy, listPolicies, type ShadowCountRow } from "@/lib/policies/list-policies";
import { POLICY_PERMISSIONS } from "@/lib/policies/permissions";
import {
  PolicyContent,
  PolicyDescription,
  PolicyName,
  PolicyPlace,
} from "@/lib/policies/policy.schema";

const ShadowCount = z.object({
  number: z.int(),
  day: z.iso.date(),
  permission: z.string(),
  wouldAllow: z.int(),
  wouldDeny: z.int(),
});

const Detailed = Resource.extend({ shadowCounts: z.array(ShadowCount) });

const countOf = ({ number, day, permissionKey, wouldAllow, wouldDeny }: ShadowCountRow) => ({
  number,
  day: day.toISOString().slice(0, 10),
  permission: permissionKey,
  wouldAllow,
  wouldDeny,
});

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

export const POLICY_ENDPOINTS = [
  listEndpoint,
  createEndpoint,
  getEndpoint,
  updateEndpoint,
  deleteEndpoint,
  ...POLICY_VERSION_ENDPOINTS,
];
