import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { unfitting } from "@/app/api/paging";
import { notFound } from "@/app/api/problems";
import { CATALOGUE } from "@/app/resources";
import { findDecision } from "@/lib/authz/find-decision";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";
import { simulate } from "@/lib/decisions/simulate";
import { jsonReply } from "@/lib/platform/http/reply";
import { AAL1, AAL2, AAL3 } from "@/lib/shared/assurance";

const PATH = "/api/v1/decisions";

const Resource = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  kind: z
    .enum(["decision", "beyond-own", "gate", "unreadable"])
    .describe(
      "Of a permission; of what its author, or whose right it is, does not hold; of a rule that asks for no permission. `unreadable` was written by a newer version of the program.",
    ),
  trace: z
    .unknown()
    .describe(
      "Who, what, which record, every rule with its path and conditions, and the verdict; or what a rule compared.",
    ),
});

const getDecisionEndpoint = endpoint({
  method: "GET",
  path: `${PATH}/{id}`,
  tag: "Decisions",
  summary: "Why a decision came out as it did, with all that it was made from",
  access: DECISION_PERMISSIONS.view,
  services: true,
  params: z.object({ id: z.string() }),
  responses: { 200: { description: "The decision", schema: Resource } },
  run: async ({ caller, params: { id } }) => {
    const decision = await findDecision(caller, id);
    if (decision === null) throw notFound("decision");
    const trace = decision.kind === "unreadable" ? null : decision.trace;
    return jsonReply(200, {
      id: decision.id,
      at: decision.at.toISOString(),
      kind: decision.kind,
      trace,
    });
  },
});

const Text = z
  .string()
  .max(200)
  .refine((text) => text.isWellFormed() && !text.includes("\0"), "Use valid text.");

const Context = z.strictObject({
  at: z.iso.datetime({ offset: true }).optional().describe("Now, when left out."),
  ip: z.union([z.ipv4(), z.ipv6()]).optional().describe("Not known, when left out."),
  means: z.enum(["session", "app", "personal-token"]).default("session"),
  acr: z.enum([AAL1, AAL2, AAL3]).default(AAL1),
  authTime: z.iso.datetime({ offset: true }).optional().describe("`at`, when left out."),
});

const REJECTIONS = {
  "unknown-subject": ["subject.id", "There is nobody like this."],
  "inactive-subject": ["subject.id", "They cannot sign in, and so may do nothing."],
  "unknown-permission": ["permission", "There is no such permission."],
  "unknown-record": ["record", "There is no such record, or none of this type can be named."],
} as const;

const simulateEndpoint = endpoint({
  method: "POST",
  path: `${PATH}/simulate`,
  tag: "Decisions",
  summary: "What somebody would be answered, without doing it; nothing is recorded",
  access: DECISION_PERMISSIONS.view,
  services: true,
  body: z.strictObject({
    subject: z.strictObject({
      type: z.enum(["user", "service"]),
      id: Text.describe("Of a user the id or the email address."),
    }),
    permission: Text,
    record: Text.nullable()
      .default(null)
      .describe("Of the type that the permission is about; without, any record at all."),
    context: Context.prefault({}),
  }),
  responses: {
    200: {
      description: "The answer and why",
      schema: z.object({
        subject: z.object({ type: z.string(), id: z.string(), label: z.string() }),
        record: z.object({ id: z.string(), label: z.string() }).nullable(),
        judgement: z.looseObject({
          outcome: z.enum(["allowed", "denied", "proof-needed", "token-insufficient"]),
        }),
        trace: z.unknown(),
      }),
    },
  },
  run: async ({ caller, body: { context, ...asked } }) => {
    const at = context.at === undefined ? null : new Date(context.at);
    const authTime =
      context.authTime === undefined ? (at ?? new Date()) : new Date(context.authTime);
    const circumstances = {
      at,
      ip: context.ip ?? null,
      means: context.means,
      acr: context.acr,
      authTime,
    };
    const result = await simulate(caller, { ...asked, circumstances }, CATALOGUE);
    if (result.outcome === "rejected") {
      const [path, message] = REJECTIONS[result.reason];
      throw unfitting(path, message);
    }
    const { subject, record, judgement, trace } = result;
    return jsonReply(200, { subject, record, judgement, trace });
  },
});

export const DECISION_ENDPOINTS = [getDecisionEndpoint, simulateEndpoint];
