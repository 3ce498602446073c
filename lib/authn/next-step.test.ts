import { describe, expect, test } from "vitest";
import { acrOf, type FlowState, nextStep, offersOfAal2, proofsOf } from "@/lib/authn/next-step";
import { AAL1, AAL2, AAL3 } from "@/lib/shared/assurance";
import { FACTOR_KINDS, type FactorKind, type Proof } from "@/lib/shared/factor";

const START: FlowState = {
  purpose: "sign-in",
  identified: true,
  proofs: [],
  carried: [],
  enrolled: ["password", "email-code"],
  mfaRequired: false,
  deviceTrusted: false,
  risk: "low",
  smsAllowed: true,
};

const subsets = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: 2 ** items.length }, (_, bits) =>
    items.filter((_item, index) => bits & (1 << index)),
  );

const PROOFS: readonly Proof[] = [...FACTOR_KINDS, "passkey+uv", "passkey+bound", "federation"];
const PROOF_LISTS: Proof[][] = [
  [],
  ...PROOFS.map((proof) => [proof]),
  ...PROOFS.flatMap((first) => PROOFS.map((second) => [first, second])),
];
const BOOLEANS = [true, false];

const STATES: FlowState[] = (["sign-in", "step-up"] as const).flatMap((purpose) =>
  subsets(FACTOR_KINDS).flatMap((enrolled) =>
    PROOF_LISTS.flatMap((proofs) =>
      BOOLEANS.flatMap((identified) =>
        BOOLEANS.flatMap((mfaRequired) =>
          BOOLEANS.flatMap((deviceTrusted) =>
            BOOLEANS.flatMap((smsAllowed) =>
              (["low", "elevated", "high"] as const).map((risk) => ({
                purpose,
                identified,
                proofs,
                carried: [],
                enrolled,
                mfaRequired,
                deviceTrusted,
                risk,
                smsAllowed,
              })),
            ),
          ),
        ),
      ),
    ),
  ),
);

const hasSecond = (enrolled: readonly FactorKind[]) =>
  enrolled.some((kind) => ["passkey", "totp", "sms-code"].includes(kind));

/** A telephone is all that they hold, it was asked for, and it counts for nothing. */
const isDiscountedPhone = ({ enrolled, proofs, smsAllowed }: FlowState) =>
  !smsAllowed &&
  proofs.includes("sms-code") &&
  !enrolled.some((kind) => kind === "passkey" || kind === "totp");

describe("in every state", () => {
  test("there are thousands of them", () => {
    expect(STATES.length).toBe(2 * 64 * 91 * 16 * 3);
  });

  test("nobody is in without a proof", () => {
    const wrong = STATES.filter(
      (state) => nextStep(state).step === "finished" && state.proofs.length === 0,
    );
    expect(wrong).toEqual([]);
  });

  test("nothing is offered that the person does not have", () => {
    const wrong = STATES.filter((state) => {
      const next = nextStep(state);
      return "offers" in next && next.offers.some((kind) => !state.enrolled.includes(kind));
    });
    expect(wrong).toEqual([]);
  });

  test("whoever has a second factor is in at AAL2, or on a trusted device, or not at all", () => {
    const wrong = STATES.filter((state) => {
      const next = nextStep(state);
      if (next.step !== "finished" || state.purpose !== "sign-in") return false;
      if (next.acr !== AAL1 || state.deviceTrusted || !hasSecond(state.enrolled)) return false;
      if (isDiscountedPhone(state)) return false;
      // A key that verified nobody, and no password or mailbox to add: it is all they have.
      return !state.proofs.every(
        (proof) => proof !== "password" && proof !== "email-code" && proof !== "federation",
      );
    });
    expect(wrong).toEqual([]);
  });

  test("whoever has a second factor steps up with a thing they have", () => {
    const wrong = STATES.filter(
      (state) =>
        state.purpose === "step-up" &&
        hasSecond(state.enrolled) &&
        nextStep(state).step === "finished" &&
        state.proofs.every((proof) => ["password", "email-code", "federation"].includes(proof)),
    );
    expect(wrong).toEqual([]);
  });

  test("AAL3 is a passkey that verified its user and stays on its device, and nothing else", () => {
    const wrong = STATES.filter((state) => {
      const next = nextStep(state);
      return (
        next.step === "finished" && (next.acr === AAL3) !== state.proofs.includes("passkey+bound")
      );
    });
    expect(wrong).toEqual([]);
  });

  test("what is unusual is asked for no less, and spares no device (F121)", () => {
    const wrong = STATES.filter((state) => {
      if (state.risk === "low" || state.purpose === "step-up") return false;
      const usual = nextStep({ ...state, risk: "low" });
      const next = nextStep(state);
      if (usual.step !== "finished") return JSON.stringify(next) !== JSON.stringify(usual);
      const strange = nextStep({ ...state, deviceTrusted: false });
      return JSON.stringify(next) !== JSON.stringify(strange);
    });
    expect(wrong).toEqual([]);
  });

  test("an unusual sign-in ends with a second factor or the mailbox, where there is either (F121)", () => {
    const wrong = STATES.filter((state) => {
      const { risk, purpose, proofs, enrolled } = state;
      if (risk === "low" || purpose === "step-up" || nextStep(state).step !== "finished")
        return false;
      const isProven = proofs.some((proof) => proof !== "password" && proof !== "federation");
      return !isProven && (hasSecond(enrolled) || enrolled.includes("email-code"));
    });
    expect(wrong).toEqual([]);
  });

  test("the class says no more than the proofs", () => {
    const wrong = STATES.filter((state) => {
      const next = nextStep(state);
      return next.step === "finished" && next.acr !== acrOf(state.proofs, state.smsAllowed);
    });
    expect(wrong).toEqual([]);
  });

  test("a telephone that does not count never makes AAL2, and never spares a better factor", () => {
    const wrong = STATES.filter((state) => {
      const next = nextStep(state);
      if (state.smsAllowed) return false;
      const hasBetter = state.enrolled.some((kind) => kind === "passkey" || kind === "totp");
      const isOffered = next.step === "second-factor" && next.offers.includes("sms-code");
      const others = state.proofs.filter((proof) => proof !== "sms-code");
      const isRaised =
        next.step === "finished" && next.acr !== AAL1 && acrOf(others, true) === AAL1;
      return isRaised || (isOffered && hasBetter);
    });
    expect(wrong).toEqual([]);
  });
});

test("nobody who has not been named is asked for a factor", () => {
  expect(nextStep({ ...START, identified: false })).toEqual({ step: "identify" });
});

test("a password is enough where nobody asks for more", () => {
  expect(nextStep({ ...START, proofs: ["password"] })).toEqual({
    step: "finished",
    acr: AAL1,
    amr: ["pwd"],
  });
});

test.each([
  [["password"], ["password", "totp", "recovery-code"], ["totp", "recovery-code"]],
  [["federation"], ["email-code", "passkey", "totp"], ["passkey", "totp"]],
  [["email-code"], ["email-code", "sms-code"], ["sms-code"]],
  [["passkey"], ["passkey", "password", "email-code"], ["password", "email-code"]],
  [["passkey"], ["passkey", "totp", "email-code"], ["email-code"]],
] as [Proof[], FactorKind[], FactorKind[]][])(
  "after %j, with %j, comes one of %j",
  (proofs, enrolled, offers) => {
    expect(nextStep({ ...START, proofs, enrolled })).toEqual({ step: "second-factor", offers });
  },
);

test("whoever has only a telephone that does not count is asked for it, and in at AAL1 (F5)", () => {
  const state: FlowState = {
    ...START,
    proofs: ["password"],
    enrolled: ["password", "sms-code"],
    smsAllowed: false,
  };
  expect(nextStep(state)).toEqual({ step: "second-factor", offers: ["sms-code"] });
  expect(nextStep({ ...state, proofs: ["password", "sms-code"] })).toMatchObject({
    step: "finished",
    acr: AAL1,
    amr: ["pwd", "sms"],
  });
  const both: FlowState = { ...state, enrolled: ["password", "totp", "sms-code"] };
  expect(nextStep(both)).toEqual({ step: "second-factor", offers: ["totp"] });
});

test("a trusted device is spared the second factor and called what it is", () => {
  const state: FlowState = {
    ...START,
    proofs: ["password"],
    enrolled: ["password", "totp"],
    deviceTrusted: true,
  };
  expect(nextStep(state)).toMatchObject({ step: "finished", acr: AAL1 });
});

test.each([
  ["a possession after a password", ["password"], ["passkey", "totp"], true, ["passkey", "totp"]],
  ["a telephone that counts", ["password"], ["sms-code"], true, ["sms-code"]],
  ["no telephone that counts for nothing", ["password"], ["sms-code"], false, []],
  ["no code by mail after a password", ["password"], ["email-code"], true, []],
  ["what was missing after a key", ["passkey"], ["password"], true, ["password"]],
] as [string, Proof[], FactorKind[], boolean, FactorKind[]][])(
  "trust is offered with %s (F21)",
  (_what, proofs, offers, smsAllowed, expected) => {
    const next = { step: "second-factor", offers } as const;
    expect(offersOfAal2({ proofs, smsAllowed }, next)).toEqual(expected);
  },
);

test("who must have a second factor and has none is let in at AAL1, to enrol", () => {
  expect(nextStep({ ...START, proofs: ["password"], mfaRequired: true })).toMatchObject({
    step: "finished",
    acr: AAL1,
  });
});

test.each([
  [["passkey+uv"], AAL2, ["hwk", "user", "mfa"]],
  [["passkey+bound"], AAL3, ["hwk", "user", "mfa"]],
  [["password", "passkey+bound"], AAL3, ["pwd", "hwk", "user", "mfa"]],
  [["passkey"], AAL1, ["hwk"]],
  [["passkey", "totp"], AAL1, ["hwk", "otp"]],
  [["passkey", "password"], AAL2, ["hwk", "pwd", "mfa"]],
  [["password", "email-code"], AAL1, ["pwd", "email"]],
  [["password", "totp"], AAL2, ["pwd", "otp", "mfa"]],
  [["federation", "sms-code"], AAL2, ["fed", "sms", "mfa"]],
  [["password", "recovery-code"], AAL2, ["pwd", "otp", "mfa"]],
] as [Proof[], string, string[]][])("%j proves %s", (proofs, acr, amr) => {
  expect(acrOf(proofs, true)).toBe(acr);
  const next = nextStep({ ...START, enrolled: [], proofs });
  expect(next).toEqual({ step: "finished", acr, amr });
});

test.each([
  [["pwd"], ["password"]],
  [["fed"], ["federation"]],
  [["email"], ["email-code"]],
  [["hwk"], []],
  [["otp", "sms", "kba"], []],
] as [string[], Proof[]][])("a session of %j carries %j into a step-up", (amr, carried) => {
  expect(proofsOf(amr)).toEqual(carried);
  const state: FlowState = { ...START, purpose: "step-up", carried, enrolled: ["totp"] };
  expect(nextStep(state).step).toBe("second-factor");
  expect(nextStep({ ...state, proofs: ["totp"] })).toMatchObject({
    step: "finished",
    acr: carried.length > 0 ? AAL2 : AAL1,
  });
});

test.each([
  [["password"], ["password", "email-code"], ["email-code"]],
  [["federation"], ["email-code"], ["email-code"]],
  [["password"], ["password", "email-code", "totp"], ["totp"]],
] as [Proof[], FactorKind[], FactorKind[]][])(
  "after %j of an unusual sign-in, with %j, comes one of %j (F121)",
  (proofs, enrolled, offers) => {
    for (const risk of ["elevated", "high"] as const) {
      const next = nextStep({ ...START, proofs, enrolled, risk, deviceTrusted: true });
      expect(next).toEqual({ step: "second-factor", offers });
    }
  },
);

test("whoever has shown their mailbox has confirmed the sign-in", () => {
  for (const proofs of [["email-code"], ["password", "email-code"]] as Proof[][]) {
    expect(nextStep({ ...START, proofs, risk: "high" })).toMatchObject({
      step: "finished",
      acr: AAL1,
    });
  }
});
