import "server-only";
import type { Authority } from "@/lib/authz/authority";
import { type DutyRejection, watchDuties } from "@/lib/authz/duty-guard";
import { missingFrom, permissionKeysOf } from "@/lib/authz/holdings";
import {
  type AdministratorCount,
  countAdministrators,
  lockInstance,
} from "@/lib/authz/holdings-store";
import { listOwnHoldings } from "@/lib/authz/own-holdings";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";

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

const isLastGone = (before: AdministratorCount, after: AdministratorCount): boolean =>
  (before.all > 0 && after.all === 0) || (before.lasting > 0 && after.lasting === 0);

/**
 * Runs a change of users, roles or grants after which there still is an
 * administrator if there was one, and after which its author may still do what
 * they could, unless `confirmed`, and by which nobody comes to hold what nobody may
 * hold together (F98). Such changes run one after the other, so two
 * administrators who demote each other cannot both succeed (ATK-44). What came
 * out is what is judged, so no way of losing something can be overlooked;
 * a change that is refused is rolled back.
 */
export async function inGuardedChange<T>(
  authority: Authority,
  confirmed: boolean,
  work: (tx: Db) => Promise<T>,
): Promise<T | GuardRejection> {
  const author = authority.kind === "caller" ? authority.caller.principal : null;
  const holdingsOfAuthor = async (tx: Db) => (author === null ? [] : listOwnHoldings(author, tx));
  try {
    return await inTransaction(async (tx) => {
      await lockInstance(tx);
      const before = await countAdministrators(tx);
      const heldBefore = await holdingsOfAuthor(tx);
      const newClashes = await watchDuties(author?.organizationId ?? null, tx);
      const result = await work(tx);
      if (isLastGone(before, await countAdministrators(tx))) {
        throw new Rejected({ outcome: "rejected", reason: "last-administrator" });
      }
      const lost = permissionKeysOf(
        missingFrom(
          await holdingsOfAuthor(tx),
          heldBefore.filter((it) => it.unmet !== true),
        ),
      );
      if (lost.length > 0 && !confirmed) {
        throw new Rejected({ outcome: "rejected", reason: "confirmation-required", lost });
      }
      const clash = await newClashes();
      if (clash !== null) throw new Rejected(clash);
      return result;
    });
  } catch (error) {
    if (error instanceof Rejected) return error.rejection;
    throw error;
  }
}
