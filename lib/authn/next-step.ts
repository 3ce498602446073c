import "server-only";
import { AAL1, AAL2, type Acr } from "@/lib/shared/assurance";
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
  federation: ["fed"],
};

export const methodsOf = (proof: Proof): string[] => METHODS[proof];

const isPrimary = (proof: Proof): boolean =>
  proof === "password" || proof === "email-code" || proof === "federation";

const isPossession = (proof: Proof): boolean => !isPrimary(proof);

/** AAL2 is two different kinds of factor, or one that verified its user itself. */
export const acrOf = (proofs: readonly Proof[]): Acr =>
  proofs.includes("passkey+uv") || (proofs.some(isPrimary) && proofs.some(isPossession))
    ? AAL2
    : AAL1;

/** What a session's methods say it proved. What they leave open counts as nothing. */
export const proofsOf = (amr: readonly string[]): Proof[] =>
  (["password", "email-code", "federation"] as const).filter((proof) =>
    METHODS[proof].every((method) => amr.includes(method)),
  );

function finished({ proofs, carried }: FlowState): Step {
  const acr = acrOf([...carried, ...proofs]);
  const methods = proofs.flatMap((proof) => METHODS[proof]);
  return {
    step: "finished",
    acr,
    amr: [...new Set(acr === AAL2 ? [...methods, "mfa"] : methods)],
  };
}

/**
 * What a person has to do next. Pure: every rule about the order of factors is
 * here, and every surface asks it (ATK-33).
 */
export const nextStep = (state: FlowState): Step =>
  state.purpose === "step-up" ? nextOfStepUp(state) : nextOfSignIn(state);

function nextOfSignIn(state: FlowState): Step {
  const { identified, proofs, enrolled, mfaRequired, deviceTrusted } = state;
  if (proofs.length === 0) {
    if (!identified) return { step: "identify" };
    return { step: "first-factor", offers: among(["passkey", ...PRIMARY], enrolled) };
  }
  if (acrOf(proofs) === AAL2) return finished(state);
  const hasSecond = among(SECOND_FACTORS, enrolled).length > 0;
  if ((!hasSecond && !mfaRequired) || deviceTrusted) return finished(state);
  const missing = proofs.some(isPrimary) ? POSSESSIONS : PRIMARY;
  const offers = among<FactorKind>(missing, enrolled);
  // Who has nothing more to give is let in to enrol, and to nothing else.
  return offers.length === 0 ? finished(state) : { step: "second-factor", offers };
}

/** Whoever has something to hold proves that; a stolen session must not fall back to less. */
function nextOfStepUp(state: FlowState): Step {
  const { proofs, enrolled } = state;
  const hasSecond = among(SECOND_FACTORS, enrolled).length > 0;
  const enough = hasSecond ? proofs.some(isPossession) : proofs.length > 0;
  if (enough) return finished(state);
  const kinds = hasSecond ? POSSESSIONS : PRIMARY;
  return { step: "second-factor", offers: among<FactorKind>(kinds, enrolled) };
}
