import type { Question } from "./decisions.js";
import type { Guard, GuardedRequest } from "./guard.js";
import { type Identity, remember } from "./identity.js";
import type { Refusal } from "./refusal.js";
import type { Requirement } from "./requirement.js";

/** The same requirement, whose question may be about the framework's request. */
export type RequirementFor<R, C = undefined> = Omit<Requirement, "decision"> & {
  decision?:
    | Question
    | ((request: R, identity: Identity, context: C) => Question | Promise<Question>);
};

/**
 * Judges a request of a framework, and notes who has sent it under `key`. Returns the answer to send
 * instead where it is refused.
 */
export async function admit<R, C>(
  guard: Guard,
  { decision, ...rest }: RequirementFor<R, C>,
  read: GuardedRequest,
  request: R & object,
  context: C,
): Promise<Identity | Refusal> {
  const asked =
    typeof decision === "function"
      ? (identity: Identity) => decision(request, identity, context)
      : decision;
  const requirement = asked === undefined ? rest : { ...rest, decision: asked };
  const verdict = await guard.authenticate(read, requirement);
  if (verdict.outcome === "refused") return verdict;
  remember(request, verdict.identity);
  return verdict.identity;
}

export const isRefusal = (one: Identity | Refusal): one is Refusal => "outcome" in one;

export type NodeHeaders = Record<string, string | string[] | undefined>;

/** Node's way: names in small letters, and what came twice joined, which no token survives. */
export const nodeHeader =
  (headers: NodeHeaders) =>
  (name: string): string | null =>
    headers[name]?.toString() ?? null;

/** What is used of Node's answer; Express has the same. */
export interface NodeResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

export function answerNode(response: NodeResponse, { status, headers, body }: Refusal): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
}
