import "server-only";
import { z } from "zod";
import { type Endpoint, publicEndpoint, takesFreshProof } from "@/app/api/endpoint";
import { PROBLEM_CODES } from "@/app/api/problem-codes";
import { demandsOf, securityOf, securitySchemes } from "@/app/api/security-schemes";
import { getConfig } from "@/lib/platform/config";
import { jsonReply, type Reply } from "@/lib/platform/http/reply";

type JsonSchema = Record<string, unknown>;

// What a client sends is described, not what parsing makes of it.
const inputSchema = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema;

const outputSchema = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: "output", unrepresentable: "any" }) as JsonSchema;

const PROBLEM: JsonSchema = {
  type: "object",
  required: ["type", "title", "status", "code", "requestId"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { enum: Object.keys(PROBLEM_CODES), description: "Stable, for programs." },
    detail: { type: "string" },
    requestId: { type: "string", format: "uuid" },
    reason: {
      enum: ["no-grant", "condition-not-met", "denied-by-policy"],
      description: "With forbidden: of what kind the reason is.",
    },
    decisionId: {
      type: "string",
      format: "uuid",
      description: "With 403: the decision, for an administrator.",
    },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["path", "message"],
        properties: { path: { type: "string" }, message: { type: "string" } },
      },
    },
  },
};

const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
});

/** The problems that the wrapper around every endpoint can answer. */
function commonProblems({ access, body, query, params, unfittingStatus }: Endpoint) {
  return {
    ...(access === "anonymous"
      ? {}
      : {
          401: problem("Not signed in, or a token that is not good here"),
          403: problem(
            typeof access === "object"
              ? `Needs ${access.key}, and of a token the scope`
              : "Needs of a token the scope",
          ),
        }),
    ...(params ? { 404: problem("No such resource") } : {}),
    ...((body && unfittingStatus === undefined) || query || params
      ? { 422: problem("The request does not fit") }
      : {}),
    ...(body
      ? {
          400: problem(
            unfittingStatus === 400
              ? "The body is not valid JSON, or not what this takes"
              : "The body is not valid JSON",
          ),
          413: problem("The body exceeds 64 KiB"),
          415: problem("The body is not JSON"),
        }
      : {}),
    429: problem("Too many requests; see Retry-After"),
    503: problem("Not possible right now; see Retry-After"),
  };
}

/** An object schema's properties as OpenAPI parameters. */
function parametersOf(schema: z.ZodType | undefined, place: "path" | "query") {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = inputSchema(schema) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, described]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema: described,
  }));
}

function operationOf(endpoint: Endpoint) {
  const { summary, tag, access, params, query, body, responses, method, path } = endpoint;
  const described: Record<string, unknown> = {};
  for (const [status, { description, schema }] of Object.entries(responses)) {
    described[status] = {
      description,
      ...(schema ? { content: { "application/json": { schema: outputSchema(schema) } } } : {}),
    };
  }
  const demands = demandsOf(endpoint);
  const words = path.split(/[^A-Za-z]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return {
    operationId: `${method.toLowerCase()}${words.join("")}`,
    summary,
    tags: [tag],
    ...(demands && { description: demands }),
    security: securityOf(endpoint),
    ...(takesFreshProof(endpoint) && { "x-fresh-proof": true }),
    ...(typeof access === "object" ? { "x-permission": access.key } : {}),
    parameters: [...parametersOf(params, "path"), ...parametersOf(query, "query")],
    ...(body
      ? {
          requestBody: {
            required: true,
            content: { "application/json": { schema: inputSchema(body) } },
          },
        }
      : {}),
    responses: { ...commonProblems(endpoint), ...described },
  };
}

/** The API as OpenAPI 3.1, from the schemas that do the parsing. */
export function describeApi(endpoints: Endpoint[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] = {
      ...paths[endpoint.path],
      [endpoint.method.toLowerCase()]: operationOf(endpoint),
    };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Gatehouse",
      version: "1",
      description: "Identity and access. Errors are problem documents (RFC 9457).",
    },
    servers: [{ url: getConfig().origin }],
    paths,
    components: {
      schemas: { Problem: PROBLEM },
      securitySchemes: securitySchemes(),
    },
  };
}

/** The endpoint that describes all others. Made once: anybody may ask for it, as often as they like. */
export function openApiEndpoint(endpoints: Endpoint[]): Endpoint {
  let reply: Reply | undefined;
  return publicEndpoint({
    method: "GET",
    path: "/api/v1/openapi.json",
    tag: "Description",
    summary: "This API as OpenAPI 3.1",
    responses: { 200: { description: "The description" } },
    run: async () => {
      reply ??= jsonReply(200, describeApi(endpoints));
      return reply;
    },
  });
}
