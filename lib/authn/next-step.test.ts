import { describe, expect, test } from "vitest";
import { acrOf, type FlowState, nextStep, proofsOf } from "@/lib/authn/next-step";
import { AAL1, AAL2 } from "@/lib/shared/assurance";
import { FACTOR_KINDS, type FactorKind, type Proof } from "@/lib/shared/factor";

const START: FlowState = {
  purpose: "sign-in",
  identified: true,
  proofs: [],
  carried: [],
  enrolled: ["password", "email-code"],
  mfaRequired: false,
  deviceTrusted: false,
};

const subsets = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: 2 ** items.length }, (_, bits) =>
    items.filter((_item, index) => bits & (1 << index)),
  );

const PROOFS: readonly Proof[] = [...FACTOR_KINDS, "passkey+uv", "federation"];
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
          BOOLEANS.map((deviceTrusted) => ({
            purpose,
            identified,
            proofs,
            carried: [],
            enrolled,
            mfaRequired,
            deviceTrusted,
          })),
        ),
      ),
    ),
  ),
);

const hasSecond = (enrolled: readonly FactorKind[]) =>
  enrolled.some((kind) => ["passkey", "totp", "sms-code"].includes(kind));

describe("in every state", () => {
  test("there are thousands of them", () => {
    expect(STATES.length).toBe(2 * 64 * 73 * 8);
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
      if (next.acr === AAL2 || state.deviceTrusted || !hasSecond(state.enrolled)) return false;
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

  test("the class says no more than the proofs", () => {
    const wrong = STATES.filter((state) => {
      const next = nextStep(state);
      return next.step === "finished" && next.acr !== acrOf(state.proofs);
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

test("a trusted device is spared the second factor and called what it is", () => {
  const state: FlowState = {
    ...START,
    proofs: ["password"],
    enrolled: ["password", "totp"],
    deviceTrusted: true,
  };
  expect(nextStep(state)).toMatchObject({ step: "finished", acr: AAL1 });
});

test("who must have a second factor and has none is let in at AAL1, to enrol", () => {
  expect(nextStep({ ...START, proofs: ["password"], mfaRequired: true })).toMatchObject({
    step: "finished",
    acr: AAL1,
  });
});

test.each([
  [["passkey+uv"], AAL2, ["hwk", "user", "mfa"]],
  [["passkey"], AAL1, ["hwk"]],
  [["passkey", "totp"], AAL1, ["hwk", "otp"]],
  [["passkey", "password"], AAL2, ["hwk", "pwd", "mfa"]],
  [["password", "email-code"], AAL1, ["pwd", "email"]],
  [["password", "totp"], AAL2, ["pwd", "otp", "mfa"]],
  [["federation", "sms-code"], AAL2, ["fed", "sms", "mfa"]],
  [["password", "recovery-code"], AAL2, ["pwd", "otp", "mfa"]],
] as [Proof[], string, string[]][])("%j proves %s", (proofs, acr, amr) => {
  expect(acrOf(proofs)).toBe(acr);
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
