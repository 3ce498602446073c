import "server-only";
import { z } from "zod";
import { previewChange } from "@/app/_impact/preview-change";
import { endpoint } from "@/app/api/endpoint";
import { entityTag } from "@/app/api/entity-tag";
import { PAGE_QUERY, pageOf, pageWithin } from "@/app/api/paging";
import { policyProblem } from "@/app/api/policy-problems";
import { notFound } from "@/app/api/problems";
import { isPreview, PREVIEW, PREVIEWABLE, previewReply } from "@/app/api/v1/_endpoints/impact";
import {
  CHANGED,
  Confirm,
  PATH,
  Params,
  policyReply,
  Resource,
  resourceOf,
  TAG,
  termsOf,
} from "@/app/api/v1/_endpoints/policy-resource";
import type { Probe } from "@/lib/authz/impact/probe";
import { jsonReply } from "@/lib/platform/http/reply";
import { findPolicy, type VersionRow } from "@/lib/policies/list-policies";
import { POLICY_PERMISSIONS } from "@/lib/policies/permissions";
import { PolicyContent } from "@/lib/policies/policy.schema";
import { diffVersions } from "@/lib/policies/policy-diff";
import { activateVersion, deactivatePolicy } from "@/lib/policies/put-in-force";
import { saveVersion } from "@/lib/policies/save-version";
import { setShadow } from "@/lib/policies/set-shadow";

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

const FORCED = {
  ...CHANGED,
  200: { description: "The changed policy", schema: z.union([Resource, PREVIEWABLE]) },
};

const VersionNumber = z.int().min(1).max(100_000);

const versionOf = (version: VersionRow, before: VersionRow | undefined) => ({
  ...version,
  createdAt: version.createdAt.toISOString(),
  diff: diffVersions(before ?? null, version),
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
  query: PREVIEW,
  body: z.strictObject({ number: VersionNumber, confirm: Confirm }),
  responses: FORCED,
  run: async ({ caller, params: { id }, query, body: { number, confirm }, header }) => {
    const terms = termsOf(header, confirm);
    const save = (probe?: Probe) => activateVersion(caller, id, number, { ...terms, probe });
    const result = await (isPreview(query) ? previewChange(caller, save) : save());
    if (result.outcome === "previewed") return previewReply(result.impact);
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
  query: PREVIEW,
  body: z.strictObject({ confirm: Confirm }),
  responses: FORCED,
  run: async ({ caller, params: { id }, query, body: { confirm }, header }) => {
    const terms = termsOf(header, confirm);
    const save = (probe?: Probe) => deactivatePolicy(caller, id, { ...terms, probe });
    const result = await (isPreview(query) ? previewChange(caller, save) : save());
    if (result.outcome === "previewed") return previewReply(result.impact);
    if (result.outcome !== "changed") throw policyProblem(result);
    return policyReply(200, result.policy);
  },
});

export const POLICY_VERSION_ENDPOINTS = [
  listVersionsEndpoint,
  saveVersionEndpoint,
  activateEndpoint,
  shadowEndpoint,
  deactivateEndpoint,
];
