import "server-only";
import { standingOf } from "@/lib/authz/ask-within";
import type { Authority } from "@/lib/authz/authority";
import { type DutyRejection, watchDuties } from "@/lib/authz/duty-guard";
import { missingFrom, permissionKeysOf } from "@/lib/authz/holdings";
import {
  type AdministratorCount,
  countAdministrators,
  lockInstance,
} from "@/lib/authz/holdings-store";
import type { Probe } from "@/lib/authz/impact/probe";
import { listOwnHoldings } from "@/lib/authz/own-holdings";
import { lostBy } from "@/lib/authz/own-loss";
import { inProbedChange } from "@/lib/authz/probed-change";
import type { Db } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";

/** What a change is based on, and whether the caller accepts to lose something by it. */
export interface ChangeTerms {
  /** The version that was read; null changes whatever is there now. */
  expectedVersion: number | null;
  confirmed: boolean;
  /** Only looks at the change, and takes it back. */
  probe?: Probe | undefined;
}

export type GuardRejection =
  | { outcome: "rejected"; reason: "last-administrator" }
  /** The author would lose these permissions and has not said that they mean to. */
  | { outcome: "rejected"; reason: "confirmation-required"; lost: string[] }
  | DutyRejection;

class Rejected extends Error {
  constructor(readonly rejection: GuardRejection) {
    super(rejection.reason);
  }
}

/**
 * For what the work itself finds of the guard's kind. It returns what was found, to be answered with;
 * null where the change is only looked at, and then it is foretold.
 */
export type Objector = (rejection: GuardRejection) => GuardRejection | null;

/** Whoever operates the machine may make many changes in one; the others wait for them, or are told to try again. */
const OPERATED_TIMEOUT_MS = 60_000;

const isLastGone = (before: AdministratorCount, after: AdministratorCount): boolean =>
  (before.all > 0 && after.all === 0) || (before.lasting > 0 && after.lasting === 0);

/**
 * Runs a change of users, roles or grants after which there still is an
 * administrator if there was one, and after which its author may still do what
 * they could, unless `confirmed`, and by which nobody comes to hold what nobody may
 * hold together (F98). Such changes run one after the other, so two
 * administrators who demote each other cannot both succeed (ATK-44). What came
 * out is what is judged, so no way of losing something can be overlooked;
 * a change that is refused is rolled back, and so is one that is only looked at by a probe.
 */
export async function inGuardedChange<T>(
  authority: Authority,
  confirmed: boolean,
  work: (tx: Db, object: Objector) => Promise<T>,
  probe?: Probe,
): Promise<T | GuardRejection> {
  const author = authority.kind === "caller" ? authority.caller : null;
  try {
    return await inProbedChange(
      probe,
      async (tx) => {
        await lockInstance(tx);
        const before = await countAdministrators(tx);
        const ownLoss = author === null || confirmed ? async () => [] : await watchOwn(author, tx);
        const newClashes = await watchDuties(author?.principal.organizationId ?? null, tx);
        const noted: GuardRejection[] = [];
        const result = await work(tx, (rejection) => {
          if (probe === undefined) return rejection;
          noted.push(rejection);
          return null;
        });
        const lost = await ownLoss();
        const rejection =
          judge(before, await countAdministrators(tx), lost) ?? (await newClashes());
        if (rejection !== null && probe === undefined) throw new Rejected(rejection);
        return { result, foretold: noted[0] ?? rejection };
      },
      authority.kind === "operator" ? { timeoutMs: OPERATED_TIMEOUT_MS } : {},
    );
  } catch (error) {
    if (error instanceof Rejected) return error.rejection;
    throw error;
  }
}

/**
 * Remembers what the author may do before a change, and says afterwards of what they have less: of what
 * their roles give anywhere, and here of what policies allow and deny them by whatever they are.
 */
async function watchOwn(author: Caller, tx: Db): Promise<() => Promise<string[]>> {
  const look = async () => ({
    held: await listOwnHoldings(author.principal, tx),
    standing: await standingOf(author, tx),
  });
  const before = await look();
  return async () => {
    const after = await look();
    const fewer = missingFrom(
      after.held,
      before.held.filter((it) => it.unmet !== true),
    );
    const keys = [...permissionKeysOf(fewer), ...lostBy(before.standing, after.standing)];
    return [...new Set(keys)].sort();
  };
}

function judge(
  before: AdministratorCount,
  after: AdministratorCount,
  lost: string[],
): GuardRejection | null {
  if (isLastGone(before, after)) return { outcome: "rejected", reason: "last-administrator" };
  if (lost.length === 0) return null;
  return { outcome: "rejected", reason: "confirmation-required", lost };
}
