import "server-only";
import { RECOVERY_CODE_SETS } from "@/lib/authn/attempt-limits";
import { changeFactor } from "@/lib/authn/change-factor";
import { ownerIn } from "@/lib/credentials/factor";
import {
  countRecoveryCodes,
  newRecoveryCodes,
  saveRecoveryCodes,
} from "@/lib/credentials/recovery-code/recovery-codes";
import {
  beginTotp,
  confirmTotp,
  findPendingTotp,
  removeTotp,
  type TotpEnrolment,
} from "@/lib/credentials/totp/enrol-totp";
import { inTransaction } from "@/lib/platform/db/transaction";
import { spend } from "@/lib/platform/rate-limit/limiter";
import { holdSession } from "@/lib/sessions/hold-session";
import { requireAssurance, SENSITIVE } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { lockUser } from "@/lib/users/user-identity";

/** The secret that waits for its first code in the caller's session; null for none. */
export const findOwnPendingTotp = (caller: Caller): Promise<TotpEnrolment | null> =>
  findPendingTotp(ownerIn(caller.principal), caller.principal.email);

/**
 * A secret for the caller's authenticator app, not in use before its first code is
 * given in this session, within ten minutes (F17). Null for a session that has ended
 * meanwhile: nobody leaves a secret of theirs behind for whoever comes next (INV-2).
 */
export async function startTotp(caller: Caller): Promise<TotpEnrolment | null> {
  const { principal } = caller;
  requireAssurance(principal, SENSITIVE);
  return inTransaction(async (tx) => {
    await lockUser(principal.userId, tx);
    return (await holdSession(caller, tx))
      ? beginTotp(ownerIn(caller.principal), principal.email, tx)
      : null;
  });
}

/** Puts the caller's pending authenticator app into use; null for a wrong code. */
export const enrolTotp = (caller: Caller, code: string) =>
  changeFactor(caller, { factor: "totp", change: "added", proof: "totp" }, async (tx) =>
    (await confirmTotp(ownerIn(caller.principal), code, tx)) ? true : null,
  );

/** Forgets the caller's authenticator app; null when there was none. */
export const forgetTotp = (caller: Caller) =>
  changeFactor(caller, { factor: "totp", change: "removed" }, async (tx) =>
    (await removeTotp(caller.principal.userId, tx)) ? true : null,
  );

/**
 * Ten new recovery codes, shown once; earlier ones stop working, and where there are any, only when
 * that is wanted (F19). Null when asked too often.
 */
export async function regenerateRecoveryCodes(caller: Caller, { replace }: { replace: boolean }) {
  requireAssurance(caller.principal, SENSITIVE);
  const replaced = (await countRecoveryCodes(caller.principal.userId)) > 0;
  if (replaced && !replace) return { outcome: "unconfirmed" } as const;
  // Ten hashes at once are a lever for whoever wants everybody else to wait (ATK-59).
  if (!(await spend(RECOVERY_CODE_SETS, caller.principal.userId)).allowed) return null;
  // Hashed before the transaction, which must not be open for so long.
  const codes = await newRecoveryCodes();
  const change = replaced ? "replaced" : "added";
  const result = await changeFactor(caller, { factor: "recovery-code", change }, async (tx) => {
    await saveRecoveryCodes(caller.principal.userId, codes, tx);
    return codes.map(({ code }) => code);
  });
  return result?.outcome === "changed" ? { ...result, replaced } : result;
}
