import "server-only";
import type { FactorKind } from "@/lib/shared/factor";

/** What a user has to prove themselves with. */
export interface AccountFactors {
  enrolled: readonly FactorKind[];
  passkeys: number;
  /** Not used yet. */
  recoveryCodes: number;
}

/** What a thief needs: one secret; two of them; or a key that no look-alike site can ask for. */
export type AccountStrength = "one-lock" | "two-locks" | "phishing-resistant";

/** The one thing that would help most. */
export type NextStep =
  | "add-passkey"
  | "make-recovery-codes"
  | "renew-recovery-codes"
  | "outgrow-text-messages"
  | "leave-text-messages";

/** Codes that are left when it is time for new ones. */
const FEW_CODES = 3;

/**
 * How strong an account is, and what to add next: first a second lock, then a
 * spare key to it, then better locks (NIST SP 800-63B-4 §2, §3.1.3.3, §4.2).
 * Null for an account that has all that it can have.
 */
export function judgeAccount({ enrolled, passkeys, recoveryCodes }: AccountFactors): {
  strength: AccountStrength;
  next: NextStep | null;
} {
  const hasApp = enrolled.includes("totp");
  const hasPhone = enrolled.includes("sms-code");
  if (passkeys === 0 && !hasApp && !hasPhone) return { strength: "one-lock", next: "add-passkey" };
  const strength = passkeys > 0 ? "phishing-resistant" : "two-locks";
  // A second passkey is a spare key as well: it lies elsewhere.
  if (passkeys < 2) {
    if (recoveryCodes === 0) return { strength, next: "make-recovery-codes" };
    if (recoveryCodes <= FEW_CODES) return { strength, next: "renew-recovery-codes" };
  }
  if (passkeys === 0) return { strength, next: hasApp ? "add-passkey" : "outgrow-text-messages" };
  // Whoever moves the number to a card of their own goes round the passkey.
  return { strength, next: hasPhone ? "leave-text-messages" : null };
}
