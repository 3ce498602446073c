import "server-only";
import type { z } from "zod";
import { API_READ, API_WRITE } from "@/lib/oidc/scopes";
import type { Reply } from "@/lib/platform/http/reply";
import type { Hold } from "@/lib/shared/assurance";
import type { Caller, RequestFacts } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** `anonymous` needs no session, `signed-in` any; a permission is checked before the body is read. */
export type Access = "anonymous" | "signed-in" | Permission;

interface Description {
  method: Method;
  /** With parameters in braces, as OpenAPI writes them: `/api/v1/invoices/{id}`. */
  path: string;
  summary: string;
  tag: string;
  responses: Record<number, { description: string; schema?: z.ZodType }>;
}

interface Inputs<P, Q, B> {
  request: RequestFacts;
  header(name: string): string | null;
  params: P;
  query: Q;
  body: B;
}

export interface Endpoint extends Description {
  access: Access;
  /** Also for service accounts, which are no users and own nothing (F42). */
  services?: true | undefined;
  /** For nobody but service accounts, who ask about others and not for themselves (F94). */
  servicesOnly?: true | undefined;
  /** The scope of a token, where the method does not say it. */
  scope?: string | undefined;
  /** Asked so often and changing so little that no budget for changes is spent on it. */
  unbudgeted?: true | undefined;
  /** What a standard of its own says of a body that does not fit; else 422. */
  unfittingStatus?: 400 | undefined;
  /** Also for whoever acts as somebody else (F101). */
  impersonated?: true | undefined;
  /** Its use case asks for a fresh proof, beyond what a sensitive permission asks (F22): always, or when. */
  fresh?: true | string | undefined;
  /** Holds in which it is answered all the same: what it is for is not kept from whoever is in one. */
  during?: readonly Hold[] | undefined;
  params?: z.ZodType | undefined;
  query?: z.ZodType | undefined;
  body?: z.ZodType | undefined;
  run(inputs: Inputs<never, never, never> & { caller: Caller | null }): Promise<Reply>;
}

/** Whether it takes a person who has just proven who they are: no app, service or script can do it. */
export const takesFreshProof = ({ access, fresh }: Endpoint): boolean =>
  fresh === true || (typeof access === "object" && access.sensitive === true);

/** What a token for it must be good for. */
export const scopeFor = ({ scope, method }: Pick<Endpoint, "scope" | "method">): string =>
  scope ?? (method === "GET" ? API_READ : API_WRITE);

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** Declares an endpoint of somebody signed in: one declaration parses, guards and documents it. */
export function endpoint<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  declaration: Description & {
    access: "signed-in" | Permission;
    services?: true;
    servicesOnly?: true;
    scope?: string;
    unbudgeted?: true;
    unfittingStatus?: 400;
    fresh?: true | string;
    impersonated?: true;
    during?: readonly Hold[];
    params?: P;
    query?: Q;
    body?: B;
    run(inputs: Inputs<Parsed<P>, Parsed<Q>, Parsed<B>> & { caller: Caller }): Promise<Reply>;
  },
): Endpoint {
  return declaration as unknown as Endpoint;
}

/** Declares an endpoint that needs no session. */
export function publicEndpoint<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  declaration: Description & {
    params?: P;
    query?: Q;
    body?: B;
    run(inputs: Inputs<Parsed<P>, Parsed<Q>, Parsed<B>>): Promise<Reply>;
  },
): Endpoint {
  return { ...declaration, access: "anonymous" } as unknown as Endpoint;
}
