import "server-only";
import type { Span } from "@opentelemetry/api";
import { currentScope, type Tracing } from "@/lib/platform/tracing/scope";
import { childOf, markFailed } from "@/lib/platform/tracing/spans";
import { summarise } from "@/lib/platform/tracing/statement-summary";

type Callback = (error: Error | null | undefined, ...rest: unknown[]) => unknown;

/**
 * Asks the database within a span of the present trace, and without one outside of any. Of what is asked
 * the span has the operation, the tables and our own name of it: no text, no value, no message.
 */
export function inStatementSpan(
  tracing: Tracing,
  asked: unknown,
  rest: readonly unknown[],
  ask: (...rest: unknown[]) => unknown,
): unknown {
  const statement = statementOf(asked);
  const scope = currentScope();
  if (statement === null || !scope?.span.isRecording()) return ask(...rest);
  const { operation, tables, fingerprint } = summarise(statement.text);
  const span = childOf(tracing, scope, {
    name: `${operation} ${statement.name ?? tables[0] ?? fingerprint}`,
    kind: "CLIENT",
    attributes: {
      "db.system.name": "postgresql",
      "db.operation.name": operation,
      "db.query.summary": [operation, ...tables].join(" "),
      "gatehouse.db.fingerprint": fingerprint,
      ...(statement.name !== undefined && { "gatehouse.db.statement": statement.name }),
    },
  });
  return untilAnswered(tracing, span, rest, ask);
}

function statementOf(asked: unknown): { text: string; name?: string | undefined } | null {
  if (typeof asked === "string") return { text: asked };
  if (typeof asked !== "object" || asked === null || "submit" in asked || !("text" in asked)) {
    return null;
  }
  const { text, name } = asked as { text: unknown; name?: unknown };
  if (typeof text !== "string") return null;
  return { text, name: typeof name === "string" ? name : undefined };
}

/** An answer comes to a callback where one is given, and else by a promise. */
function untilAnswered(
  tracing: Tracing,
  span: Span,
  rest: readonly unknown[],
  ask: (...rest: unknown[]) => unknown,
): unknown {
  const end = (error?: unknown) => {
    if (error !== undefined && error !== null) {
      markFailed(tracing, span, error);
      const { code } = error as { code?: unknown };
      // SQLSTATE.
      if (typeof code === "string" && /^[0-9A-Z]{5}$/.test(code)) {
        span.setAttribute("db.response.status_code", code);
      }
    }
    span.end();
  };
  const callback = rest.at(-1);
  if (typeof callback === "function") {
    const answered: Callback = (error, ...more) => {
      end(error);
      return (callback as Callback)(error, ...more);
    };
    return ask(...rest.slice(0, -1), answered);
  }
  try {
    const answer = ask(...rest);
    if (answer instanceof Promise) answer.then(() => end(), end);
    else end();
    return answer;
  } catch (error) {
    end(error);
    throw error;
  }
}
