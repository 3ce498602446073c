import "server-only";
import type { Risk } from "@/lib/authn/risk";
import { AAL1, AAL2, AAL3, type Acr, isAtLeast } from "@/lib/shared/assurance";
import type { FactorKind, Proof } from "@/lib/shared/factor";

export interface FlowState {
  purpose: "sign-in" | "step-up";
  /** Whether an address was given. Not whether anybody has it. */
  identified: boolean;
  /** Factors passed, in order. */
  proofs: readonly Proof[];
  /** What the session proved before, in a step-up. It adds to the class and replaces no proof. */
  carried: readonly Proof[];
  /** What this person can prove themselves with, as far as this browser may know. */
  enrolled: readonly FactorKind[];
  /** Whether an organization or a role asks for a second factor. */
  mfaRequired: boolean;
  /** Whether this browser is spared the second factor. */
  deviceTrusted: boolean;
  /** How unusual this sign-in is; a step-up is never. */
  risk: Risk;
  /** Whether a code by text message counts as a second factor. */
  smsAllowed: boolean;
}

export type Step =
  | { step: "identify" }
  /** `offers` has the best first. */
  | { step: "first-factor"; offers: FactorKind[] }
  | { step: "second-factor"; offers: FactorKind[] }
  | { step: "finished"; acr: Acr; amr: string[] };

/** Things one has, best first: what is phished or lost most easily comes last. */
const POSSESSIONS = ["passkey", "totp", "sms-code", "recovery-code"] as const;
/** What stands for the account itself: the password, or what could reset it. */
const PRIMARY = ["password", "email-code"] as const;
/** A recovery code replaces a factor and is none of its own. */
const SECOND_FACTORS = ["passkey", "totp", "sms-code"] as const;

const among = <K extends FactorKind>(kinds: readonly K[], enrolled: readonly FactorKind[]) =>
  kinds.filter((kind) => enrolled.includes(kind));

/** RFC 8176. Federation and a mailbox have no word there, so these two are ours. */
const METHODS: Record<Proof, string[]> = {
  password: ["pwd"],
  "email-code": ["email"],
  totp: ["otp"],
  "sms-code": ["sms"],
  "recovery-code": ["otp"],
  passkey: ["hwk"],
  "passkey+uv": ["hwk", "user"],
  "passkey+bound": ["hwk", "user"],
  federation: ["fed"],
};

export const methodsOf = (proof: Proof): string[] => METHODS[proof];

const isPrimary = (proof: Proof): boolean =>
  proof === "password" || proof === "email-code" || proof === "federation";

const isPossession = (proof: Proof): boolean => !isPrimary(proof);

/**
 * AAL2 is two different kinds of factor, or one that verified its user itself;
 * AAL3 is one of these whose key never leaves its device.
 * A telephone is a restricted one (NIST SP 800-63B-4 §3.2.9), which may count for nothing.
 */
export const acrOf = (proofs: readonly Proof[], smsAllowed: boolean): Acr => {
  if (proofs.includes("passkey+bound")) return AAL3;
  const counted = smsAllowed ? proofs : proofs.filter((proof) => proof !== "sms-code");
  return counted.includes("passkey+uv") || (counted.some(isPrimary) && counted.some(isPossession))
    ? AAL2
    : AAL1;
};

/** Which of these offers, given next, makes two factors of it: only then can a browser be spared one. */
export const offersOfAal2 = (
  { proofs, smsAllowed }: Pick<FlowState, "proofs" | "smsAllowed">,
  next: Step,
): FactorKind[] =>
  next.step === "second-factor"
    ? next.offers.filter((kind) => isAtLeast(acrOf([...proofs, kind], smsAllowed), AAL2))
    : [];

/** What a session's methods say it proved. What they leave open counts as nothing. */
export const proofsOf = (amr: readonly string[]): Proof[] =>
  (["password", "email-code", "federation"] as const).filter((proof) =>
    METHODS[proof].every((method) => amr.includes(method)),
  );

function finished({ proofs, carried, smsAllowed }: FlowState): Step {
  const acr = acrOf([...carried, ...proofs], smsAllowed);
  const methods = proofs.flatMap((proof) => METHODS[proof]);
  return {
    step: "finished",
    acr,
    amr: [...new Set(acr === AAL1 ? methods : [...methods, "mfa"])],
  };
}

/**
 * What a person has to do next. Pure: every rule about the order of factors is
 * here, and every surface asks it (ATK-33).
 */
export const nextStep = (state: FlowState): Step =>
  state.purpose === "step-up" ? nextOfStepUp(state) : nextOfSignIn(state);

function nextOfSignIn(state: FlowState): Step {
  const { identified, proofs, enrolled, mfaRequired, smsAllowed } = state;
  if (proofs.length === 0) {
    if (!identified) return { step: "identify" };
    return { step: "first-factor", offers: among(["passkey", ...PRIMARY], enrolled) };
  }
  if (isAtLeast(acrOf(proofs, smsAllowed), AAL2)) return finished(state);
  const hasSecond = among(SECOND_FACTORS, enrolled).length > 0;
  const isSpared = state.deviceTrusted && state.risk === "low";
  const missing = proofs.some(isPrimary) ? possessionsOf(state) : PRIMARY;
  const offers =
    (hasSecond || mfaRequired) && !isSpared ? among<FactorKind>(missing, enrolled) : [];
  if (offers.length > 0) return { step: "second-factor", offers };
  // Who has nothing more to give is let in to enrol, and to nothing else.
  return asksMailbox(state) ? { step: "second-factor", offers: ["email-code"] } : finished(state);
}

/** An unusual sign-in by somebody without a second factor is confirmed by mail (F121). */
const asksMailbox = ({ risk, enrolled, proofs }: FlowState): boolean =>
  risk !== "low" &&
  enrolled.includes("email-code") &&
  !proofs.includes("email-code") &&
  proofs.every(isPrimary);

/**
 * A telephone that counts for nothing is asked for where there is nothing better: it
 * is more than no second lock. Given once, it is not asked for again.
 */
function possessionsOf({ enrolled, proofs, smsAllowed }: FlowState): readonly FactorKind[] {
  if (smsAllowed) return POSSESSIONS;
  const counted = POSSESSIONS.filter((kind) => kind !== "sms-code");
  if (among(["passkey", "totp"], enrolled).length > 0) return counted;
  return proofs.includes("sms-code") ? [] : POSSESSIONS;
}

/** Whoever has something to hold proves that; a stolen session must not fall back to less. */
function nextOfStepUp(state: FlowState): Step {
  const { proofs, enrolled } = state;
  const hasSecond = among(SECOND_FACTORS, enrolled).length > 0;
  const enough = hasSecond ? proofs.some(isPossession) : proofs.length > 0;
  if (enough) return finished(state);
  const kinds = hasSecond ? possessionsOf(state) : PRIMARY;
  return { step: "second-factor", offers: among<FactorKind>(kinds, enrolled) };
}
