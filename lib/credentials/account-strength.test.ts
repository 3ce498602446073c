import { expect, test } from "vitest";
import { judgeAccount } from "@/lib/credentials/account-strength";
import type { FactorKind } from "@/lib/shared/factor";

type Row = [FactorKind[], { passkeys?: number; codes?: number }, string, string | null];

const TABLE: Row[] = [
  [[], {}, "one-lock", "add-passkey"],
  [["email-code"], {}, "one-lock", "add-passkey"],
  [["password", "email-code"], {}, "one-lock", "add-passkey"],
  // Codes are spare keys of a second lock; without one they lock nothing.
  [["password", "email-code", "recovery-code"], { codes: 10 }, "one-lock", "add-passkey"],

  [["password", "totp"], {}, "two-locks", "make-recovery-codes"],
  [["password", "totp", "recovery-code"], { codes: 1 }, "two-locks", "renew-recovery-codes"],
  [["password", "totp", "recovery-code"], { codes: 3 }, "two-locks", "renew-recovery-codes"],
  [["password", "totp", "recovery-code"], { codes: 4 }, "two-locks", "add-passkey"],

  [["password", "sms-code"], {}, "two-locks", "make-recovery-codes"],
  [["password", "sms-code", "recovery-code"], { codes: 10 }, "two-locks", "outgrow-text-messages"],
  [["password", "totp", "sms-code", "recovery-code"], { codes: 10 }, "two-locks", "add-passkey"],

  [["password", "passkey"], { passkeys: 1 }, "phishing-resistant", "make-recovery-codes"],
  [
    ["passkey", "recovery-code"],
    { passkeys: 1, codes: 2 },
    "phishing-resistant",
    "renew-recovery-codes",
  ],
  [["passkey", "recovery-code"], { passkeys: 1, codes: 10 }, "phishing-resistant", null],
  [["passkey"], { passkeys: 2 }, "phishing-resistant", null],
  [["passkey", "totp"], { passkeys: 2 }, "phishing-resistant", null],
  [["passkey", "sms-code"], { passkeys: 2 }, "phishing-resistant", "leave-text-messages"],
];

test.each(TABLE)(
  "with %j and %j an account has %s, and next comes %s",
  (enrolled, has, ...judged) => {
    const factors = { enrolled, passkeys: has.passkeys ?? 0, recoveryCodes: has.codes ?? 0 };
    const { strength, next } = judgeAccount(factors);
    expect([strength, next]).toEqual(judged);
  },
);
