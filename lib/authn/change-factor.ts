import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { factorChangedMail } from "@/lib/authn/mails";
import { acrOf, methodsOf, proofsOf } from "@/lib/authn/next-step";
import { issueSignInTicket } from "@/lib/authn/sign-in-ticket";
import { listEnrolledFactors } from "@/lib/credentials/registry";
import { hasIdentity } from "@/lib/federation/list-identities";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import { holdSession } from "@/lib/sessions/hold-session";
import { distrustDevices } from "@/lib/sessions/known-device";
import { requireAssurance, SENSITIVE } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import type { FactorKind, Proof } from "@/lib/shared/factor";
import { findSignInEpoch } from "@/lib/users/sign-in-record";
import { lockUser } from "@/lib/users/user-identity";

export interface FactorChange {
  /** `federation` for an identity at a provider. */
  factor: FactorKind | "federation";
  change: "added" | "replaced" | "removed";
  /** What the owner calls it, for the mail and the record. */
  label?: string;
  /** What giving it now proves; the session is raised by it. */
  proof?: Proof;
}

export type FactorChangeResult<T> =
  /** `ticket` raises the session by what was proven just now; null where nothing was. */
  | { outcome: "changed"; value: T; ticket: string | null }
  /** Nobody may lock themselves out, nor give up what an organization asks for. */
  | { outcome: "rejected"; reason: "last-way-in" | "required" };

/** Thrown to undo what `work` did. */
class Refused extends Error {
  constructor(readonly reason: "last-way-in" | "required") {
    super(reason);
  }
}

const SECOND_FACTORS: readonly string[] = ["passkey", "totp", "sms-code"];

/**
 * A telephone may have counted for nothing, so that whoever had no more had no second
 * lock. Trust from then has never seen one, and must not be spared it (F21).
 */
const isFirstLock = ({ factor, change }: FactorChange, before: readonly FactorKind[]): boolean =>
  change === "added" &&
  SECOND_FACTORS.includes(factor) &&
  !before.includes("passkey") &&
  !before.includes("totp");

/**
 * The one gate to a user's own factors (ATK-49): it asks for a fresh proof with
 * what they have, leaves them a way in and what policy asks for, records the
 * change and tells them by mail. `work` makes the change and answers null when
 * there was nothing to change.
 */
export async function changeFactor<T>(
  caller: Caller,
  change: FactorChange,
  work: (tx: Db) => Promise<T | null>,
): Promise<FactorChangeResult<T> | null> {
  const { principal } = caller;
  requireAssurance(principal, SENSITIVE);
  try {
    return await inTransaction(async (tx) => {
      // Two removals at once must not each see the other's factor as the one that is left.
      await lockUser(principal.userId, tx);
      if (!(await holdSession(caller, tx))) return null;
      const before = await listEnrolledFactors(principal.userId, tx);
      const value = await work(tx);
      if (value === null) return null;
      if (isFirstLock(change, before)) await distrustDevices(principal.userId, tx);
      if (change.change === "removed") await refuseLockout(caller, tx);
      await tell(caller, change, tx);
      // Under the lock above: nothing is voided between this and the ticket.
      const epoch = change.proof ? await findSignInEpoch(principal.userId, tx) : null;
      const ticket =
        change.proof && epoch !== null
          ? await issueSignInTicket(
              {
                userId: principal.userId,
                epoch,
                acr: acrOf([...proofsOf(principal.session.amr), change.proof], true),
                amr: methodsOf(change.proof),
                sessionId: principal.session.id,
              },
              tx,
            )
          : null;
      return { outcome: "changed", value, ticket };
    });
  } catch (error) {
    if (error instanceof Refused) return { outcome: "rejected", reason: error.reason };
    throw error;
  }
}

/** A code by mail does not count: it is how the others are recovered. */
async function refuseLockout({ principal }: Caller, tx: Db): Promise<void> {
  const enrolled = await listEnrolledFactors(principal.userId, tx);
  const canEnter =
    enrolled.includes("password") ||
    enrolled.includes("passkey") ||
    (await hasIdentity(principal.userId, tx));
  if (!canEnter) throw new Refused("last-way-in");
  const hasSecond = enrolled.some((kind) => SECOND_FACTORS.includes(kind));
  if (principal.mfaRequired && !hasSecond) throw new Refused("required");
}

async function tell(caller: Caller, change: FactorChange, tx: Db): Promise<void> {
  const { userId, email } = caller.principal;
  await recordChange(
    caller,
    {
      action: `factor.${change.change}`,
      target: { type: "user", id: userId },
      after: { factor: change.factor, ...(change.label && { label: change.label }) },
    },
    tx,
  );
  await enqueueMail("factor-changed", email, factorChangedMail(change), tx, {
    asked: caller.request.locale,
  });
}
