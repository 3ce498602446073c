import "server-only";
import { changeFactor, type FactorChangeResult } from "@/lib/authn/change-factor";
import { ownerIn } from "@/lib/credentials/factor";
import {
  type BegunPhone,
  beginPhone,
  confirmPhone,
  findPhones,
  judgePhone,
  removePhone,
} from "@/lib/credentials/sms-code/enrol-phone";
import { maskPhone } from "@/lib/credentials/sms-code/phone-number";
import { findSignInRules } from "@/lib/organizations/sign-in-rules";
import { smsSender } from "@/lib/platform/sms/sms-senders";
import { holdSession } from "@/lib/sessions/hold-session";
import { requireAssurance, SENSITIVE } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { lockUser } from "@/lib/users/user-identity";

/** The caller's telephone numbers, and whether one can be added now. */
export async function describeOwnPhone({ principal }: Caller) {
  const [phones, offered] = await Promise.all([
    findPhones(ownerIn(principal)),
    isOffered(principal.organizationId),
  ]);
  return { ...phones, offered };
}

/** Nobody is led to a factor that nobody sends, or that counts for nothing. */
const isOffered = async (organizationId: string): Promise<boolean> =>
  smsSender() !== null && (await findSignInRules(organizationId)).smsAllowed;

/**
 * Sends a code to the number that the caller wants to use, which is in use after its
 * first code in this session. A session that has ended meanwhile leaves none (INV-2).
 */
export async function startPhone(caller: Caller, number: string): Promise<BegunPhone> {
  const { userId, organizationId } = caller.principal;
  requireAssurance(caller.principal, SENSITIVE);
  if (!(await isOffered(organizationId))) return { outcome: "unavailable" };
  return beginPhone(ownerIn(caller.principal), number, caller.request, async (tx) => {
    await lockUser(userId, tx);
    return holdSession(caller, tx);
  });
}

export type PhoneEnrolment =
  | FactorChangeResult<true>
  | { outcome: "rejected"; reason: "wrong" | "spent" | "unavailable" };

/** Puts the caller's pending number into use, by the code that was sent to it (F5, NIST-10). */
export async function enrolPhone(caller: Caller, code: string): Promise<PhoneEnrolment> {
  const { organizationId } = caller.principal;
  // Before a guess is paid for: who has to confirm first begins again afterwards.
  requireAssurance(caller.principal, SENSITIVE);
  if (!(await isOffered(organizationId))) return { outcome: "rejected", reason: "unavailable" };
  const judged = await judgePhone(ownerIn(caller.principal), code);
  if (judged === null) return { outcome: "rejected", reason: "spent" };
  if (judged.outcome === "rejected") return { outcome: "rejected", reason: judged.reason };
  const result = await changeFactor(
    caller,
    { factor: "sms-code", change: "added", label: maskPhone(judged.number), proof: "sms-code" },
    async (tx) => ((await confirmPhone(ownerIn(caller.principal), judged, tx)) ? true : null),
  );
  return result ?? { outcome: "rejected", reason: "spent" };
}

/** Forgets the caller's number; null when there was none. */
export const forgetPhone = (caller: Caller) =>
  changeFactor(caller, { factor: "sms-code", change: "removed" }, async (tx) =>
    (await removePhone(caller.principal.userId, tx)) ? true : null,
  );
