import "server-only";
import { createHash } from "node:crypto";
import { z } from "zod";
import { ACCESS_PREFIX } from "@/app/api/access-metadata";
import { endpoint } from "@/app/api/endpoint";
import { ProblemError } from "@/app/api/problems";
import {
  ActionSearch,
  answerOf,
  circumstancesOf,
  Decision,
  Decisions,
  Evaluation,
  Evaluations,
  evaluationOf,
  Found,
  ResourceSearch,
  SubjectSearch,
  subjectOf,
  subjectTypeOf,
  UNTIL,
} from "@/app/api/v1/_endpoints/authzen-json";
import { CATALOGUE } from "@/app/resources";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";
import { evaluateAccess } from "@/lib/decisions/evaluate-access";
import { searchActions, searchResources, searchSubjects } from "@/lib/decisions/search-access";
import { API_READ } from "@/lib/oidc/scopes";
import { jsonReply } from "@/lib/platform/http/reply";
import { decodeCursor, encodeCursor } from "@/lib/shared/cursor";

const COMMON = {
  method: "POST",
  tag: "Access (AuthZEN 1.0)",
  access: DECISION_PERMISSIONS.evaluate,
  services: true,
  servicesOnly: true,
  // A question changes nothing, whatever its method.
  scope: API_READ,
  unbudgeted: true,
  unfittingStatus: 400,
} as const;

const evaluateEndpoint = endpoint({
  ...COMMON,
  path: `${ACCESS_PREFIX}evaluation`,
  summary:
    "Whether a user or service of the client's organization may do this; `action.name` is a permission's key, `subject.type` is `user` or `service`",
  body: Evaluation,
  responses: { 200: { description: "The decision", schema: Decision } },
  run: async ({ caller, body }) => {
    const [answer] = await evaluateAccess(caller, [evaluationOf(body)], "all", CATALOGUE);
    return jsonReply(200, answer ? answerOf(answer) : { decision: false });
  },
});

const evaluateAllEndpoint = endpoint({
  ...COMMON,
  path: `${ACCESS_PREFIX}evaluations`,
  summary: "The same many times, at most 100, in order; what is given once counts for all",
  body: Evaluations,
  responses: { 200: { description: "The decisions", schema: Decisions } },
  run: async ({ caller, body: { evaluations, until, single } }) => {
    const asked = evaluations.map(evaluationOf);
    const answers = (await evaluateAccess(caller, asked, UNTIL[until], CATALOGUE)).map(answerOf);
    return jsonReply(200, single ? answers[0] : { evaluations: answers });
  },
});

const LIMIT_DEFAULT = 100;
const Token = z.strictObject({ question: z.string(), afterId: z.uuid() });

/** Where the page begins. A token goes on with the question that it came from, and with no other. */
function pageOf(body: { page?: { token?: string; limit?: number } | undefined }, asked: unknown) {
  const question = createHash("sha256").update(JSON.stringify(asked)).digest("base64url");
  const { token = "", limit = LIMIT_DEFAULT } = body.page ?? {};
  const place = token === "" ? null : decodeCursor(token, Token);
  if (token !== "" && place?.question !== question) {
    throw new ProblemError({
      status: 400,
      code: "malformed_request",
      title: "The request does not fit",
      errors: [{ path: "page.token", message: "This is no token of this search." }],
    });
  }
  const tokenAt = (afterId: string | null) =>
    afterId === null ? "" : encodeCursor({ question, afterId });
  return { walked: { afterId: place?.afterId ?? null, limit }, tokenAt };
}

const foundReply = <T>(results: T[], nextToken: string) =>
  jsonReply(200, { page: { next_token: nextToken, count: results.length }, results });

const searchSubjectEndpoint = endpoint({
  ...COMMON,
  path: `${ACCESS_PREFIX}search/subject`,
  summary: "The users or services that may do this to a resource, by id",
  body: SubjectSearch,
  responses: { 200: { description: "A page of subjects", schema: Found } },
  run: async ({ caller, body }) => {
    const { subject, action, resource, context } = body;
    const { walked, tokenAt } = pageOf(body, ["subject", subject.type, action, resource, context]);
    const asked = {
      permission: action.name,
      resource,
      circumstances: circumstancesOf(context),
    };
    const type = subjectTypeOf(subject.type);
    const { ids, nextAfterId } = await searchSubjects(caller, type, asked, walked, CATALOGUE);
    const results = ids.map((id) => ({ type: subject.type, id }));
    return foundReply(results, tokenAt(nextAfterId));
  },
});

const searchResourceEndpoint = endpoint({
  ...COMMON,
  path: `${ACCESS_PREFIX}search/resource`,
  summary: "The resources of a type that a subject may do this to, by id",
  body: ResourceSearch,
  responses: { 200: { description: "A page of resources", schema: Found } },
  run: async ({ caller, body }) => {
    const { subject, action, resource, context } = body;
    const { walked, tokenAt } = pageOf(body, ["resource", subject, action, resource.type, context]);
    const asked = {
      permission: action.name,
      resource,
      circumstances: circumstancesOf(context),
    };
    const who = subjectOf(subject);
    const { ids, nextAfterId } = await searchResources(caller, who, asked, walked, CATALOGUE);
    const results = ids.map((id) => ({ type: resource.type, id }));
    return foundReply(results, tokenAt(nextAfterId));
  },
});

const searchActionEndpoint = endpoint({
  ...COMMON,
  path: `${ACCESS_PREFIX}search/action`,
  summary: "The actions that a subject may do to a resource, by name",
  body: ActionSearch,
  responses: { 200: { description: "All of them", schema: Found } },
  run: async ({ caller, body: { subject, resource, context } }) => {
    const asked = { resource, circumstances: circumstancesOf(context) };
    const keys = await searchActions(caller, subjectOf(subject), asked, CATALOGUE);
    return foundReply(
      keys.map((name) => ({ name })),
      "",
    );
  },
});

export const ACCESS_ENDPOINTS = [
  evaluateEndpoint,
  evaluateAllEndpoint,
  searchSubjectEndpoint,
  searchResourceEndpoint,
  searchActionEndpoint,
];
