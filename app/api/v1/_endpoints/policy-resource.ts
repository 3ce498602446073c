import "server-only";
import { z } from "zod";
import { entityTag, expectedVersion } from "@/app/api/entity-tag";
import { jsonReply, type Reply } from "@/lib/platform/http/reply";
import type { PolicyRow } from "@/lib/policies/list-policies";
import { PolicyPlace } from "@/lib/policies/policy.schema";

export const PATH = "/api/v1/policies";
export const TAG = "Policies";

export const Resource = z.object({
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

export const Params = z.object({ id: z.string() });
export const Confirm = z
  .boolean()
  .default(false)
  .describe("Goes on although the caller loses permissions of their own.");
export const resourceOf = (policy: PolicyRow): z.infer<typeof Resource> => {
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

export const policyReply = (
  status: number,
  policy: PolicyRow,
  headers: Reply["headers"] = {},
): Reply => jsonReply(status, resourceOf(policy), { ...entityTag(policy.version), ...headers });

export const termsOf = (header: (name: string) => string | null, confirmed = false) => ({
  expectedVersion: expectedVersion(header("if-match")),
  confirmed,
});

export const CHANGED = {
  200: { description: "The changed policy", schema: Resource },
  403: { description: "It decides about what the caller lacks" },
  409: { description: "It cannot be so now, or is unconfirmed" },
  412: { description: "Somebody changed it since" },
};
