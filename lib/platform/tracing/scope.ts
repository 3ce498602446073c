import "server-only";
import "#node-only";
import type { AsyncLocalStorage } from "node:async_hooks";
import type * as Api from "@opentelemetry/api";
import { processSingleton } from "@/lib/platform/process-singleton";

/** Where the work that runs now stands in its trace. */
export interface Scope {
  span: Api.Span;
  /** The span that the trace begins with in this process. */
  root: Api.Span;
}

/** What there is while traces are sent somewhere. */
export interface Tracing {
  api: typeof Api;
  tracer: Api.Tracer;
  scopes: AsyncLocalStorage<Scope>;
  /** Sends what is left, and ends. */
  stop(): Promise<void>;
}

/** One for the process: the fast lane and Next are bundled apart and trace together. Nothing is in it while traces go nowhere. */
export const held = processSingleton("tracing", (): { tracing: Tracing | null } => ({
  tracing: null,
}));

/** The scope of the work that runs now; null outside of a trace. */
export const currentScope = (): Scope | null => held.tracing?.scopes.getStore() ?? null;
