import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf, pageWithin } from "@/app/api/paging";
import { notFound, ProblemError, tooManyRequests } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import { DomainName } from "@/lib/domains/domain.schema";
import {
  addDomain,
  type Domain,
  listDomains,
  removeDomain,
  setAutoJoin,
  verifyDomain,
} from "@/lib/domains/manage-domains";
import { DOMAIN_PERMISSIONS } from "@/lib/domains/permissions";
import { emptyReply, jsonReply } from "@/lib/platform/http/reply";

const PATH = "/api/v1/domains";

const Resource = z.object({
  id: z.uuid(),
  domain: z.string(),
  record: z
    .object({ type: z.literal("TXT"), name: z.string(), value: z.string() })
    .describe("What has to be in the DNS."),
  verifiedAt: z.iso.datetime().nullable(),
  lastCheckedAt: z.iso.datetime().nullable(),
  failingSince: z.iso.datetime().nullable().describe("Null while the last look found the record."),
  failure: z.enum(["no-record", "other-record", "unreachable", "verified-elsewhere"]).nullable(),
  autoJoin: z.boolean().describe("Whoever confirms an address there becomes a member."),
});

const Params = z.object({ id: z.string() });

const timeOf = (date: Date | null): string | null => date?.toISOString() ?? null;

const resourceOf = (domain: Domain): z.infer<typeof Resource> => ({
  id: domain.id,
  domain: domain.domain,
  record: { type: "TXT", ...domain.record },
  verifiedAt: timeOf(domain.verifiedAt),
  lastCheckedAt: timeOf(domain.lastCheckedAt),
  failingSince: timeOf(domain.failingSince),
  failure: domain.failure,
  autoJoin: domain.autoJoin,
});

const FAILURES = {
  "no-record": "There is no such TXT record. A new one can take a while to be seen everywhere.",
  "other-record": "The name has TXT records, but not this one.",
  unreachable: "The name servers of the domain did not answer. Nothing is known of the record.",
  "verified-elsewhere": "Another organization has verified this domain.",
  unverified: "The domain is not verified.",
} as const;

const unverified = (reason: keyof typeof FAILURES): ProblemError =>
  new ProblemError({
    status: 409,
    code: "domain_unverified",
    title: "The domain is not verified",
    detail: FAILURES[reason],
  });

const listDomainsEndpoint = endpoint({
  method: "GET",
  path: PATH,
  tag: "Domains",
  summary: "The domains of the caller's organization, with the record that proves each",
  access: DOMAIN_PERMISSIONS.view,
  services: true,
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of domains", schema: pageOf(Resource) } },
  run: async ({ caller, query }) => {
    const page = pageWithin(await listDomains(caller), (domain) => domain.id, query);
    return jsonReply(200, { ...page, items: page.items.map(resourceOf) });
  },
});

const addDomainEndpoint = endpoint({
  method: "POST",
  path: PATH,
  tag: "Domains",
  summary: "Add a domain, which counts for nothing until it is verified",
  access: DOMAIN_PERMISSIONS.manage,
  body: z.strictObject({ domain: DomainName }),
  responses: {
    201: { description: "The domain and its record", schema: Resource },
    409: { description: "It is here already, or can be nobody's" },
  },
  run: async ({ caller, body: { domain } }) => {
    const result = await addDomain(caller, domain);
    if (result.outcome === "added") {
      const location = `${PATH}/${result.domain.id}`;
      return jsonReply(201, resourceOf(result.domain), { location });
    }
    switch (result.reason) {
      case "domain-taken":
      case "too-many-domains":
        throw refusalProblem("domain", { outcome: "rejected", reason: result.reason });
      case "free-mail":
      case "public-suffix":
        throw new ProblemError({
          status: 409,
          code: "domain_unusable",
          title: "This domain can be nobody's",
          detail:
            result.reason === "free-mail"
              ? "Anybody can have an address there."
              : "Anybody can register names below it.",
        });
    }
  },
});

const verifyDomainEndpoint = endpoint({
  method: "POST",
  path: `${PATH}/{id}/verify`,
  tag: "Domains",
  summary: "Look for the record in the DNS now",
  access: DOMAIN_PERMISSIONS.manage,
  params: Params,
  responses: {
    200: { description: "The verified domain", schema: Resource },
    409: { description: "The record is not there, or the domain is another organization's" },
  },
  run: async ({ caller, params: { id } }) => {
    const result = await verifyDomain(caller, id);
    if (result.outcome === "not-found") throw notFound("domain");
    if (result.outcome === "limited") throw tooManyRequests(result.retryAfterSeconds);
    if (result.outcome === "rejected") throw unverified(result.reason);
    return jsonReply(200, resourceOf(result.domain));
  },
});

const updateDomainEndpoint = endpoint({
  method: "PATCH",
  path: `${PATH}/{id}`,
  tag: "Domains",
  summary: "Let whoever confirms an address at a verified domain become a member, or stop that",
  access: DOMAIN_PERMISSIONS.manage,
  params: Params,
  body: z.strictObject({ autoJoin: z.boolean() }),
  responses: {
    200: { description: "The changed domain", schema: Resource },
    403: { description: "Who signs up gets what the caller lacks" },
    409: { description: "The domain is not verified" },
  },
  run: async ({ caller, params: { id }, body: { autoJoin } }) => {
    const result = await setAutoJoin(caller, id, autoJoin);
    if (result.outcome === "changed") return jsonReply(200, resourceOf(result.domain));
    if (result.outcome === "rejected" && result.reason === "unverified") {
      throw unverified(result.reason);
    }
    throw refusalProblem("domain", result);
  },
});

const removeDomainEndpoint = endpoint({
  method: "DELETE",
  path: `${PATH}/{id}`,
  tag: "Domains",
  summary: "Remove a domain; whoever joined by it stays",
  access: DOMAIN_PERMISSIONS.manage,
  params: Params,
  responses: { 204: { description: "The domain is gone" } },
  run: async ({ caller, params: { id } }) => {
    const result = await removeDomain(caller, id);
    if (result.outcome === "not-found") throw notFound("domain");
    return emptyReply();
  },
});

export const DOMAIN_ENDPOINTS = [
  listDomainsEndpoint,
  addDomainEndpoint,
  verifyDomainEndpoint,
  updateDomainEndpoint,
  removeDomainEndpoint,
];
