import "server-only";
import type { Question } from "@/lib/authz/evaluate";
import { findGrantPaths } from "@/lib/authz/grant-paths";
import { type Trace, traceOf } from "@/lib/authz/trace";

/** Why the question has the answer that it has, with the full path of names of every grant. */
export const explainQuestion = async (question: Question): Promise<Trace> =>
  traceOf(question, await findGrantPaths(question.rules, question.facts.principal));
