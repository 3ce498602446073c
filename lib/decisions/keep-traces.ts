import "server-only";
import type { Question } from "@/lib/authz/evaluate";
import { keepDecisions } from "@/lib/authz/keep-decisions";
import { processSingleton } from "@/lib/platform/process-singleton";

export type ToKeep = Question;

/** What one program's questions may leave behind in a minute, of each of our processes. */
const TRACES_PER_MINUTE_MAX = 120;
/** More programs than this have not asked within the same minute. */
const BUDGETS_MAX = 10_000;

interface Budget {
  minute: number;
  left: number;
}

const budgets = () => processSingleton("trace-budgets", () => new Map<string, Budget>());

/** How many of these may be kept: a program that asks a million times fills no table. */
function take(clientId: string, wanted: number): number {
  const minute = Math.floor(Date.now() / 60_000);
  const known = budgets().get(clientId);
  const budget = known?.minute === minute ? known : { minute, left: TRACES_PER_MINUTE_MAX };
  if (budgets().size >= BUDGETS_MAX) budgets().clear();
  budgets().set(clientId, budget);
  const taken = Math.min(wanted, budget.left);
  budget.left -= taken;
  return taken;
}

/**
 * Keeps why these came out so, and returns under which ids: null for what was not to be kept, and
 * beyond the budget. No id is told that leads nowhere.
 */
export async function keepTraces(
  questions: readonly (ToKeep | null)[],
  organizationId: string,
  clientId: string,
): Promise<(string | null)[]> {
  const wanted = questions.filter((question) => question !== null);
  const kept = wanted.slice(0, take(clientId, wanted.length));
  const ids = await keepDecisions(kept, organizationId);
  const idOf = new Map(kept.map((question, index) => [question, ids[index] ?? null]));
  return questions.map((question) => (question === null ? null : (idOf.get(question) ?? null)));
}
