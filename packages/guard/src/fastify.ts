import { admit, isRefusal, type NodeHeaders, nodeHeader, type RequirementFor } from "./adapter.js";
import type { Guard } from "./guard.js";

export { identityOf } from "./identity.js";

/** What is used of Fastify's request. */
export interface FastifyRequest {
  method: string;
  originalUrl: string;
  headers: NodeHeaders;
}

/** What is used of Fastify's reply. */
export interface FastifyReply {
  code(status: number): unknown;
  headers(values: Record<string, string>): unknown;
  send(body: string): unknown;
}

type Hook<R> = (request: R, reply: FastifyReply) => Promise<unknown>;

/**
 * A hook of Fastify, for `onRequest`: lets requests on that meet the requirement and answers all
 * others. Behind it, `identityOf(request)` says who asks.
 */
// First without a type to infer: Fastify's own types would have it inferred as `never`.
export function requireAccess(
  guard: Guard,
  requirement?: RequirementFor<FastifyRequest>,
): Hook<FastifyRequest>;
export function requireAccess<R extends FastifyRequest>(
  guard: Guard,
  requirement: RequirementFor<R>,
): Hook<R>;
export function requireAccess<R extends FastifyRequest>(
  guard: Guard,
  requirement: RequirementFor<R> = {},
): Hook<R> {
  return async (request, reply) => {
    const { method, originalUrl: path, headers } = request;
    const read = { method, path, header: nodeHeader(headers) };
    const admitted = await admit(guard, requirement, read, request, undefined);
    if (!isRefusal(admitted)) return undefined;
    reply.code(admitted.status);
    reply.headers(admitted.headers);
    reply.send(admitted.body);
    // By this Fastify knows that the answer has been given.
    return reply;
  };
}
