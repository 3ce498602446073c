import "server-only";
import { askWithin, standingOf } from "@/lib/authz/ask-within";
import { AccessDenied } from "@/lib/authz/authorize";
import { evaluate, type Question } from "@/lib/authz/evaluate";
import { lockInstance } from "@/lib/authz/holdings-store";
import type { Probe } from "@/lib/authz/impact/probe";
import { inProbedChange } from "@/lib/authz/probed-change";
import { recordDeniedQuestion } from "@/lib/authz/record-denied-question";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";

/** The change is taken back with the transaction; its refusal is not. */
class DeniedMeanwhile extends Error {
  constructor(readonly question: Question) {
    super("the author may not do this any more");
  }
}

/**
 * Runs a change of what the caller's organization has of its own, which gives nobody anything, while
 * the caller may make it: whoever takes that away at that moment comes before the change or after it
 * (ATK-44). Throws {@link AccessDenied}, and nothing is changed, where it is gone. With a probe the
 * change is only looked at. The caller has been authorized before: here they are asked again.
 */
export async function inHeldChange<T>(
  caller: Caller,
  permission: Permission,
  work: (tx: Db) => Promise<T>,
  probe?: Probe,
): Promise<T> {
  try {
    return await inProbedChange(probe, async (tx) => {
      await lockInstance(tx);
      const question = askWithin(await standingOf(caller, tx), permission);
      if (!evaluate(question).allowed) throw new DeniedMeanwhile(question);
      return { result: await work(tx), foretold: null };
    });
  } catch (error) {
    if (!(error instanceof DeniedMeanwhile)) throw error;
    const { question } = error;
    const denied = await inTransaction((tx) =>
      recordDeniedQuestion(caller, permission, question, undefined, tx),
    );
    if (denied === null) throw error;
    throw new AccessDenied(denied.decisionId, permission, denied.reason);
  }
}
