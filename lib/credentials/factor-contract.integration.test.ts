import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { emailCodeFactor } from "@/lib/credentials/email-code/email-code-factor";
import type { FactorAnswer, FactorSubject } from "@/lib/credentials/factor";
import { passkeyFactor } from "@/lib/credentials/passkey/passkey-factor";
import { FACTORS, listEnrolledFactors } from "@/lib/credentials/registry";
import { smsCodeFactor } from "@/lib/credentials/sms-code/sms-code-factor";
import type { FactorKind } from "@/lib/shared/factor";
import { anInstance, aRequest, aUser, type TestUser } from "@/tests/support/builders";
import {
  aFlow,
  anAddress,
  aPhone,
  aTotp,
  someRecoveryCodes,
  totpCode,
} from "@/tests/support/factors";
import { codeTextedTo, mailsTo } from "@/tests/support/mailbox";
import { aPasskey, ownSite } from "@/tests/support/passkeys";
import { race } from "@/tests/support/race";
import { usePasskey } from "@/tests/support/software-authenticator";

type Fixture = (user: TestUser, flowId: string) => Promise<FactorAnswer>;

/** How each kind is enrolled, and an answer of its owner. A factor without a line here fails. */
const FIXTURES: Partial<Record<FactorKind, Fixture>> = {
  passkey: async (user, flowId) => {
    const passkey = await aPasskey(user.id);
    const asked = await passkeyFactor.prompt?.(subjectOf(user, flowId), aRequest());
    if (asked?.outcome !== "asked") throw new Error("no challenge was made");
    const challenge = String(asked.options?.["challenge"]);
    return { response: usePasskey({ challenge }, ownSite(), passkey) };
  },
  password: async ({ password }) => ({ password }),
  "email-code": async (user, flowId) => {
    await emailCodeFactor.prompt?.(subjectOf(user, flowId), aRequest());
    const text = (await mailsTo(user.email)).at(-1)?.text ?? "";
    return { code: /\b\d{6}\b/.exec(text)?.[0] };
  },
  "sms-code": async (user, flowId) => {
    const number = await aPhone(user.id);
    await smsCodeFactor.prompt?.(subjectOf(user, flowId), aRequest({ ip: anAddress() }));
    return { code: await codeTextedTo(number) };
  },
  totp: async ({ id }) => ({ code: totpCode(await aTotp(id)) }),
  "recovery-code": async ({ id }) => ({ code: (await someRecoveryCodes(id))[0] }),
};

/** Those whose answers work any number of times. */
const REUSABLE: readonly FactorKind[] = ["password"];

const subjectOf = (user: TestUser | null, flowId: string): FactorSubject => ({
  flowId,
  userId: user?.id ?? null,
  email: user?.email ?? "nobody@example.com",
  place: "first",
});

const NONSENSE: unknown[] = [
  undefined,
  null,
  "",
  " ",
  0,
  true,
  [],
  {},
  { toString: "x" },
  "000000",
  "１２３４５６",
  "\u0000",
  "💥".repeat(64),
  "9".repeat(10_000),
  "' OR 1=1 --",
  '{"id":"x"}',
];

beforeAll(async () => {
  await anInstance();
});

describe.each(FACTORS.map((factor) => ({ kind: factor.kind, factor })))("$kind", (given) => {
  const { kind, factor } = given;
  let flowId: string;
  beforeEach(async () => {
    flowId = await aFlow();
  });
  const enrol = (user: TestUser) => {
    const fixture = FIXTURES[kind];
    if (!fixture) throw new Error(`the contract has no fixture for ${kind}`);
    return fixture(user, flowId);
  };
  const verify = (user: TestUser | null, answer: FactorAnswer) =>
    factor.verify(subjectOf(user, flowId), answer, aRequest());

  test("its owner passes, as themselves", async () => {
    const user = await aUser();
    const answer = await enrol(user);
    expect(await listEnrolledFactors(user.id)).toContain(kind);
    expect(await verify(user, answer)).toMatchObject({ outcome: "passed", userId: user.id });
  });

  test("somebody else's answer passes for nobody", async () => {
    const [user, other] = [await aUser(), await aUser()];
    await enrol(user);
    const answer = await enrol(other);
    expect((await verify(user, answer)).outcome).toBe("rejected");
    expect((await verify(null, answer)).outcome).toBe("rejected");
  });

  test("nonsense is wrong, and never an error", async () => {
    const user = await aUser();
    await enrol(user);
    for (const nonsense of NONSENSE) {
      const answer = { password: nonsense, code: nonsense, response: nonsense };
      expect((await verify(user, answer)).outcome, JSON.stringify(nonsense)).toBe("rejected");
    }
    expect((await verify(user, {})).outcome).toBe("rejected");
  });

  if (REUSABLE.includes(kind)) return;

  test("of 50 parallel uses of an answer one passes", async () => {
    const user = await aUser();
    const answer = await enrol(user);
    const verdicts = await race(50, () => verify(user, answer));
    expect(verdicts.filter(({ outcome }) => outcome === "passed")).toHaveLength(1);
    expect((await verify(user, answer)).outcome).toBe("rejected");
  });
});
