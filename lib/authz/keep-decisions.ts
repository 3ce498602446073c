import "server-only";
import type { Question } from "@/lib/authz/evaluate";
import { explainQuestion } from "@/lib/authz/explain-question";
import { insertTraces } from "@/lib/authz/trace-store";
import { newId } from "@/lib/platform/id";

/**
 * Keeps the traces of decisions that refused nobody here, because another program asked for them:
 * they are no events. Returns their ids, in the order of the questions.
 */
export async function keepDecisions(
  questions: readonly Question[],
  organizationId: string,
): Promise<string[]> {
  if (questions.length === 0) return [];
  const traces = await Promise.all(
    questions.map(async (question) => ({ id: newId(), trace: await explainQuestion(question) })),
  );
  await insertTraces(traces, organizationId);
  return traces.map(({ id }) => id);
}
