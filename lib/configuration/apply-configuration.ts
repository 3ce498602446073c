import "server-only";
import type { Operator } from "@/lib/authz/authority";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import type { Probe } from "@/lib/authz/impact/probe";
import { canonical, printConfiguration } from "@/lib/configuration/canonical";
import { settledKeys } from "@/lib/configuration/client-changes";
import type { Configuration, NamedCondition } from "@/lib/configuration/configuration.schema";
import { ChangeRefused, makeChanges } from "@/lib/configuration/make-changes";
import { type Plan, planChanges } from "@/lib/configuration/plan";
import { readPresent } from "@/lib/configuration/present";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { RequestFacts } from "@/lib/shared/caller";

/** The configuration of the whole installation: twice the same bytes where nothing was changed between. */
export const exportConfiguration = (): Promise<string> =>
  inTransaction(async (tx) => printConfiguration((await readPresent([], tx)).configuration));

/** What would have to become different for the installation to be as the file says; nothing is changed. */
export async function compareConfiguration(
  file: Configuration,
  { prune }: { prune: boolean },
): Promise<Plan> {
  const wanted = await settled(file);
  return inTransaction(async (tx) => {
    const { configuration } = await readPresent(addressesIn(wanted), tx);
    return planChanges(configuration, wanted, { prune });
  });
}

/** What follows from a file and takes its time: the names of keys. */
const settled = async ({ clients, ...file }: Configuration): Promise<Configuration> =>
  clients === undefined
    ? file
    : canonical({ ...file, clients: await Promise.all(clients.map(settledKeys)) });

export interface ApplyTerms {
  /** Also takes away what is there and not in a list of the file. */
  prune: boolean;
  /** The digest of the plan that is meant; null makes whatever changes there are. */
  expected: string | null;
  /** Only looks at the changes, and takes them back. */
  probe?: Probe | undefined;
}

export type Application =
  | { outcome: "applied"; plan: Plan }
  | {
      outcome: "rejected";
      reason: "refused";
      difference: ChangeRefused["difference"];
      rejection: ChangeRefused["rejection"];
    }
  /** What is there, or would become of it, is not what was planned. */
  | { outcome: "rejected"; reason: "other-plan"; plan: Plan }
  /** Somebody has changed something of it at the same time. */
  | { outcome: "rejected"; reason: "interrupted" }
  | GuardRejection;

class OtherPlan extends Error {
  constructor(readonly plan: Plan) {
    super("the plan is another one");
  }
}

class Interrupted extends Error {}

/**
 * Makes the installation be as the file says, or changes nothing at all. Every change is made by the
 * rules of the panel and is recorded by itself; the whole is judged as one change of who may do what:
 * an administrator remains, and nobody comes to hold what nobody may hold together (ATK-44, F98).
 * Applying the same file again changes nothing.
 */
export async function applyConfiguration(
  request: RequestFacts,
  file: Configuration,
  { prune, expected, probe }: ApplyTerms,
): Promise<Application> {
  const wanted = await settled(file);
  const operator: Operator = { kind: "operator", request };
  const emails = addressesIn(wanted);
  try {
    return await inGuardedChange(
      operator,
      true,
      async (tx, object): Promise<Application> => {
        const present = await readPresent(emails, tx);
        const plan = planChanges(present.configuration, wanted, { prune });
        if (expected !== null && expected !== plan.digest) throw new OtherPlan(plan);
        await makeChanges(plan.differences, { operator, present, object, tx });
        const { configuration } = await readPresent(emails, tx);
        const left = planChanges(configuration, wanted, { prune }).differences;
        if (left.length > 0) throw new Interrupted("the changes have not come out as planned");
        return { outcome: "applied", plan };
      },
      probe,
    );
  } catch (error) {
    if (error instanceof OtherPlan) {
      return { outcome: "rejected", reason: "other-plan", plan: error.plan };
    }
    if (error instanceof Interrupted) return { outcome: "rejected", reason: "interrupted" };
    if (!(error instanceof ChangeRefused)) throw error;
    const { difference, rejection } = error;
    return "reason" in rejection && rejection.reason === "stale"
      ? { outcome: "rejected", reason: "interrupted" }
      : { outcome: "rejected", reason: "refused", difference, rejection };
  }
}

/** All addresses by which conditions of the file name people. */
function addressesIn({ roles = [], policies = [], organizations = [] }: Configuration): string[] {
  const places = [{ roles, policies }, ...organizations];
  const conditions = places.flatMap((place) => [
    ...(place.roles ?? []).flatMap(({ permissions }) =>
      Object.values(permissions).filter((reach) => typeof reach !== "string"),
    ),
    ...(place.policies ?? []).flatMap(({ rule, candidate }) =>
      [rule.condition, candidate?.condition ?? null].filter((one) => one !== null),
    ),
  ]);
  return [...new Set(conditions.flatMap(addressesOf))];
}

function addressesOf(condition: NamedCondition): string[] {
  if (condition.kind === "all" || condition.kind === "any") {
    return condition.conditions.flatMap(addressesOf);
  }
  if (condition.kind === "not") return addressesOf(condition.condition);
  return condition.kind === "user" ? condition.users.filter((ref) => typeof ref === "string") : [];
}
