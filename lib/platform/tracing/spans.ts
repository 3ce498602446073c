import "server-only";
import type { Attributes, Context, Link, Span } from "@opentelemetry/api";
import { currentScope, held, type Scope, type Tracing } from "@/lib/platform/tracing/scope";
import { formatTraceparent, parseTraceparent } from "@/lib/platform/tracing/traceparent";

/** What a span may be called and carry: words of ours, never what somebody sent. */
export interface SpanTerms {
  name: string;
  kind?: "CLIENT" | "CONSUMER" | "INTERNAL";
  attributes?: Attributes;
  /** A `traceparent` of whatever caused this, in a trace of its own. */
  causedBy?: string | null;
}

/** Why something failed, by its kind alone: messages quote what was sent. */
function typeOf(error: unknown): string {
  if (!(error instanceof Error)) return "_OTHER";
  const { code } = error as { code?: unknown };
  if (typeof code === "string" && /^[A-Z0-9_]{2,40}$/.test(code)) return code;
  return /^\w{1,60}$/.test(error.name) ? error.name : "_OTHER";
}

export function markFailed(tracing: Tracing, span: Span, error: unknown): void {
  span.setAttribute("error.type", typeOf(error));
  span.setStatus({ code: tracing.api.SpanStatusCode.ERROR });
}

function begin(tracing: Tracing, terms: SpanTerms, parent: Context): Span {
  const { api, tracer } = tracing;
  const options = {
    kind: api.SpanKind[terms.kind ?? "INTERNAL"],
    attributes: terms.attributes ?? {},
    links: linkTo(tracing, terms.causedBy ?? null),
  };
  return tracer.startSpan(terms.name, options, parent);
}

export const childOf = (tracing: Tracing, scope: Scope, terms: SpanTerms): Span =>
  begin(tracing, terms, tracing.api.trace.setSpan(tracing.api.ROOT_CONTEXT, scope.span));

export function linkTo({ api }: Tracing, traceparent: string | null): Link[] {
  const cause = parseTraceparent(traceparent);
  if (cause === null) return [];
  const { traceId, spanId } = cause;
  return [{ context: { traceId, spanId, traceFlags: api.TraceFlags.NONE, isRemote: true } }];
}

async function within<T>(tracing: Tracing, scope: Scope, work: () => Promise<T>): Promise<T> {
  try {
    return await tracing.scopes.run(scope, work);
  } catch (error) {
    markFailed(tracing, scope.span, error);
    throw error;
  } finally {
    scope.span.end();
  }
}

/** Runs `work` as a part of the trace that it is in; outside of one it just runs. */
export function inSpan<T>(terms: SpanTerms, work: () => Promise<T>): Promise<T> {
  const { tracing } = held;
  const scope = tracing === null ? null : currentScope();
  if (tracing === null || !scope?.span.isRecording()) return work();
  return within(tracing, { span: childOf(tracing, scope, terms), root: scope.root }, work);
}

/** Runs `work` in a trace of its own. */
export function inOwnTrace<T>(terms: SpanTerms, work: () => Promise<T>): Promise<T> {
  const { tracing } = held;
  if (tracing === null) return work();
  const span = begin(tracing, terms, tracing.api.ROOT_CONTEXT);
  return within(tracing, { span, root: span }, work);
}

/** Whoever calls `callback` later may be in another trace, or in none: it runs in the present one. */
export function keepTrace<A extends unknown[], R>(callback: (...args: A) => R): (...args: A) => R {
  const { tracing } = held;
  const scope = tracing === null ? null : currentScope();
  if (tracing === null || scope === null) return callback;
  return (...args) => tracing.scopes.run(scope, callback, ...args);
}

/** Says more of the span that runs. */
export function describeSpan(attributes: Attributes): void {
  if (held.tracing !== null) currentScope()?.span.setAttributes(attributes);
}

/** Says which request the trace is of. */
export function describeRequest(ids: { requestId: string; decisionId: string }): void {
  if (held.tracing === null) return;
  currentScope()?.root.setAttributes({
    "gatehouse.request.id": ids.requestId,
    "gatehouse.decision.id": ids.decisionId,
  });
}

/** Says which of our routes the request of the trace has found: its pattern, never its path. */
export function describeRoute(method: string, route: string): void {
  if (held.tracing === null) return;
  currentScope()?.root.setAttribute("http.route", route).updateName(`${method} ${route}`);
}

/** By which others go on with the trace (W3C Trace Context); null outside of one. */
export function currentTraceparent(): string | null {
  const context = held.tracing === null ? undefined : currentScope()?.span.spanContext();
  if (context === undefined) return null;
  const { traceId, spanId, traceFlags } = context;
  return formatTraceparent({ traceId, spanId, flags: traceFlags.toString(16).padStart(2, "0") });
}

/** For whoever reads a log line and wants its trace. */
export function traceFields(): { trace_id: string; span_id: string } | undefined {
  const context = held.tracing === null ? undefined : currentScope()?.span.spanContext();
  return context && { trace_id: context.traceId, span_id: context.spanId };
}
