import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { attemptFactor, promptFactor } from "@/lib/authn/attempt-factor";
import { ACCOUNT_BUDGET, SECOND_FACTORS_BUDGET } from "@/lib/authn/attempt-limits";
import { changePassword } from "@/lib/authn/change-password";
import { requestPasswordReset, resetPassword } from "@/lib/authn/reset-password";
import { beginSignIn, beginStepUp } from "@/lib/authn/sign-in-flow";
import { signInWithPassword } from "@/lib/authn/sign-in-with-password";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { AAL2 } from "@/lib/shared/assurance";
import type { FactorKind } from "@/lib/shared/factor";
import { anInstance, aRequest, aUser, callerOf, type TestUser } from "@/tests/support/builders";
import { aTotp, someRecoveryCodes, totpCode } from "@/tests/support/factors";
import { tokenMailedTo } from "@/tests/support/mailbox";
import { working } from "@/tests/support/proof-of-work";

// ATK-34, CVE-2026-9798, CVE-2025-64102: what one way in refuses another must not allow.

beforeAll(async () => {
  await anInstance();
});

const ONCE = { trustDevice: false };
let network = 0;
/** Each from a network of its own: the account is what is counted here. */
const fromElsewhere = () => {
  network += 1;
  return aRequest({ ip: `10.77.${network >> 8}.${network & 255}` });
};

/** True where the guess was looked at, false where a lock stood before it. */
type Guess = () => Promise<boolean>;

const looked = ({ outcome }: { outcome: string }): boolean => {
  if (outcome !== "locked" && outcome !== "rejected") throw new Error(outcome);
  return outcome === "rejected";
};

const guessIn =
  (flowSecret: string, kind: FactorKind): Guess =>
  async () => {
    const answer = kind === "password" ? { password: "guess" } : { code: "000000" };
    const browser = { flowSecret, deviceSecret: undefined };
    return looked(await attemptFactor(browser, kind, answer, ONCE, fromElsewhere()));
  };

async function secondStepOf(user: TestUser): Promise<string> {
  const passed = await signInWithPassword(user.email, user.password, undefined, fromElsewhere());
  if (passed.outcome !== "continue") throw new Error(passed.outcome);
  return passed.flowSecret;
}

async function sessionOf(user: TestUser) {
  await prisma().session.updateMany({ where: { userId: user.id }, data: { acr: AAL2 } });
  const caller = await callerOf(user.id);
  return {
    ...caller,
    principal: { ...caller.principal, session: { ...caller.principal.session, acr: AAL2 } },
  };
}

/** Every way to guess at an account, for somebody whom no device shows to be its owner. */
async function waysOf(user: TestUser): Promise<Record<string, Guess>> {
  const caller = await callerOf(user.id);
  const stepUp = {
    flowSecret: await beginStepUp(caller, "/"),
    deviceSecret: undefined,
    sessionId: caller.principal.session.id,
  };
  const [first, byMail] = [await beginSignIn(user.email, "/"), await beginSignIn(user.email, "/")];
  const second = await secondStepOf(user);
  return {
    "the password at sign-in": async () =>
      looked(await signInWithPassword(user.email, "guess", undefined, fromElsewhere())),
    "the password in a flow": guessIn(first, "password"),
    "a code by mail": guessIn(byMail, "email-code"),
    "a code of an app": guessIn(second, "totp"),
    "a recovery code": guessIn(second, "recovery-code"),
    "a step-up": async () =>
      looked(await attemptFactor(stepUp, "totp", { code: "000000" }, ONCE, fromElsewhere())),
  };
}

/** Whoever waits long enough has every lock behind them, but for that of all together. */
const waitForLocks = () =>
  prisma().rateLimit.deleteMany({
    where: {
      OR: ["sign-in-stranger:", "second-factor:"].map((prefix) => ({
        key: { startsWith: prefix },
      })),
    },
  });

describe("guesses at one account", () => {
  let user: TestUser;
  let app: string;

  beforeEach(async () => {
    user = await aUser();
    app = await aTotp(user.id);
    await someRecoveryCodes(user.id);
  });

  /** Guesses every way in turn until all are closed; how many each of them had. */
  async function guessOn(ways: Record<string, Guess>): Promise<Map<string, number>> {
    const counts = new Map(Object.keys(ways).map((way) => [way, 0]));
    for (let open = true; open; ) {
      open = false;
      for (const [way, guess] of Object.entries(ways)) {
        await waitForLocks();
        if (!(await guess())) continue;
        open = true;
        counts.set(way, (counts.get(way) ?? 0) + 1);
      }
    }
    return counts;
  }

  /** Guesses before and behind a first factor that was passed. */
  function totals(counts: Map<string, number>): { before: number; behind: number } {
    const behind = ["a code of an app", "a recovery code", "a step-up"];
    const sum = (isBehind: boolean) =>
      [...counts]
        .filter(([way]) => behind.includes(way) === isBehind)
        .reduce((total, [, count]) => total + count, 0);
    return { before: sum(false), behind: sum(true) };
  }

  test("are counted together, whichever way they go (ATK-34)", async () => {
    const counts = await guessOn(await waysOf(user));
    expect([...counts.values()].every((count) => count > 10)).toBe(true);
    // In turn, so that every second guess at what comes first is used up by what comes second.
    const { before, behind } = totals(counts);
    expect(before).toBe(ACCOUNT_BUDGET.failures.pointsMax / 2 + 1);
    expect(behind).toBe(SECOND_FACTORS_BUDGET.failures.pointsMax);
    const right = await signInWithPassword(user.email, user.password, undefined, fromElsewhere());
    expect(right.outcome).toBe("locked");
  }, 120_000);

  test("in a session, of the present password, count as well (ATK-34)", async () => {
    const caller = await sessionOf(user);
    let own = 0;
    for (let result = "rejected"; result === "rejected"; own += 1) {
      result = (await changePassword(caller, "guess", "another unlikely password")).outcome;
    }
    const counts = await guessOn(await waysOf(user));
    expect(own - 1).toBe(10);
    expect(totals(counts).before).toBe((ACCOUNT_BUDGET.failures.pointsMax - 10) / 2);
  }, 120_000);

  test("are not given anew by another code, nor by the right password alone (ATK-34)", async () => {
    const ways = await waysOf(user);
    for (let guess = 0; guess < 90; guess += 1) {
      await waitForLocks();
      expect(await ways["a code of an app"]?.()).toBe(true);
    }
    await waitForLocks();
    await secondStepOf(user);
    const flowSecret = await beginSignIn(user.email, "/");
    await promptFactor({ flowSecret, deviceSecret: undefined }, "email-code", fromElsewhere());
    const left = await guessOn({ ...ways, another: guessIn(flowSecret, "email-code") });
    const { before, behind } = totals(left);
    expect(before).toBeLessThanOrEqual(10);
    expect(behind).toBe(10);
  }, 120_000);

  test("by strangers do not close the second factor of who has passed a first (ATK-35)", async () => {
    const flowSecret = await secondStepOf(user);
    await guessOn({
      password: async () =>
        looked(await signInWithPassword(user.email, "guess", undefined, fromElsewhere())),
    });
    const browser = { flowSecret, deviceSecret: undefined };
    const code = totpCode(app);
    const given = await attemptFactor(browser, "totp", { code }, ONCE, fromElsewhere());
    expect(given.outcome).toBe("authenticated");
  }, 120_000);

  test("leave the owner's own device open, whose whole sign-in ends their count (F118)", async () => {
    const deviceSecret = newSecret();
    await prisma().device.create({
      data: { userId: user.id, tokenHash: hashSecret(deviceSecret) },
    });
    const ways = await waysOf(user);
    await guessOn(ways);
    const given = await signInWithPassword(
      user.email,
      user.password,
      deviceSecret,
      fromElsewhere(),
    );
    if (given.outcome !== "continue") throw new Error(given.outcome);
    const browser = { flowSecret: given.flowSecret, deviceSecret };
    const code = totpCode(app);
    expect((await attemptFactor(browser, "totp", { code }, ONCE, fromElsewhere())).outcome).toBe(
      "authenticated",
    );
    await waitForLocks();
    expect(await ways["the password at sign-in"]?.()).toBe(true);
  }, 120_000);

  test("end with a password that was chosen by mail (F118)", async () => {
    const ways = await waysOf(user);
    await guessOn(ways);
    await requestPasswordReset(user.email, fromElsewhere());
    const password = "another unlikely password";
    await resetPassword(await tokenMailedTo(user.email), password, fromElsewhere());
    const again = await signInWithPassword(user.email, password, undefined, fromElsewhere());
    expect(again.outcome).toBe("continue");
  }, 120_000);
});

test("a password after a passkey that named its owner is counted like any other (ATK-34)", async () => {
  const user = await aUser();
  const flowSecret = newSecret();
  await prisma().passkeyCredential.create({
    data: {
      userId: user.id,
      credentialId: new Uint8Array(16),
      publicKey: new Uint8Array(77),
      name: "Key",
      transports: [],
    },
  });
  await prisma().signInFlow.create({
    data: {
      tokenHash: hashSecret(flowSecret),
      purpose: "sign_in",
      userId: user.id,
      proofs: ["passkey"],
      returnTo: "/",
      expiresAt: new Date(Date.now() + 600_000),
    },
  });
  const guess = guessIn(flowSecret, "password");
  const results: boolean[] = [];
  for (let tried = 0; tried < 8; tried += 1) results.push(await guess());
  expect(results.filter(Boolean)).toHaveLength(5);
});

test("a known device that guesses waits longer each time (NIST-8)", async () => {
  const user = await aUser();
  const deviceSecret = newSecret();
  await prisma().device.create({ data: { userId: user.id, tokenHash: hashSecret(deviceSecret) } });
  const lockOut = async (): Promise<number> => {
    for (;;) {
      const request = fromElsewhere();
      const result = await signInWithPassword(user.email, "guess", deviceSecret, request);
      if (result.outcome === "locked") return result.retryAfterSeconds;
    }
  };
  expect(await lockOut()).toBeLessThanOrEqual(30);
  await prisma().rateLimit.deleteMany({ where: { key: { startsWith: "sign-in-device:" } } });
  expect(await lockOut()).toBeGreaterThan(30);
});

test("a stranger's lock does not stand before the passkey of whoever typed their address (F118)", async () => {
  const user = await aUser();
  for (let guess = 0; guess < 7; guess += 1) {
    await working((proof) =>
      signInWithPassword(user.email, "guess", undefined, fromElsewhere(), { proof }),
    );
  }
  const browser = { flowSecret: await beginSignIn(user.email, "/"), deviceSecret: undefined };
  await promptFactor(browser, "passkey", fromElsewhere());
  const answer = await attemptFactor(browser, "passkey", { response: "{}" }, ONCE, fromElsewhere());
  // Looked at, and not a passkey: no lock stood before it.
  expect(answer.outcome).toBe("rejected");
});
