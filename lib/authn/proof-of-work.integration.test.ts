import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { attemptFactor } from "@/lib/authn/attempt-factor";
import { STRANGER_BUDGET } from "@/lib/authn/attempt-limits";
import { workOf } from "@/lib/authn/demand-work";
import { issueChallenge, redeemProof } from "@/lib/authn/proof-of-work";
import { purgeAuthn } from "@/lib/authn/purge-authn";
import { register } from "@/lib/authn/register";
import { beginSignIn } from "@/lib/authn/sign-in-flow";
import { type SignInResult, signInWithPassword } from "@/lib/authn/sign-in-with-password";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { anInstance, aRequest, aUser } from "@/tests/support/builders";
import { solve } from "@/tests/support/proof-of-work";
import { race } from "@/tests/support/race";

beforeAll(async () => {
  await anInstance();
});

let network = 0;
const fromElsewhere = () => {
  network += 1;
  return aRequest({ ip: `10.66.${network >> 8}.${network & 255}` });
};

const signIn = (email: string, password: string, proof?: string, device?: string) =>
  signInWithPassword(email, password, device, fromElsewhere(), { proof });

const challengeIn = (result: SignInResult) => {
  if (result.outcome !== "challenge-required") throw new Error(result.outcome);
  return result.challenge;
};

async function guessFreely(email: string): Promise<void> {
  for (let guess = 0; guess < 3; guess += 1) await signIn(email, "guess");
}

describe("a proof of work (F119)", () => {
  test("is what the browser's own file finds, and says meanwhile how far it is", async () => {
    for (const bits of [1, 7, 8, 9, 15]) {
      const challenge = issueChallenge("a", bits);
      const { proof, progress } = solve(challenge);
      const digest = createHash("sha256").update(proof).digest().readUInt32BE();
      expect(Math.clz32(digest)).toBeGreaterThanOrEqual(bits);
      expect(progress.every((done) => done >= 0 && done < 1)).toBe(true);
      expect(await redeemProof(proof, "a", bits)).toBe(true);
    }
  });

  test("passes once, even for 50 parallel uses (ATK-19)", async () => {
    const { proof } = solve(issueChallenge("a", 8));
    const results = await race(50, () => redeemProof(proof, "a", 8));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await redeemProof(proof, "a", 8)).toBe(false);
  });

  test.each<[string, (proof: string, token: string) => [string | undefined, string, number]]>([
    ["is missing", () => [undefined, "a", 8]],
    ["is of another subject", (proof) => [proof, "b", 8]],
    ["was asked for while less was asked", (proof) => [proof, "a", 9]],
    ["is the token alone", (_proof, token) => [token, "a", 8]],
    ["says that it is easier", (proof) => [proof.replace(".8.", ".1."), "a", 1]],
    ["says that it is newer", (proof) => [proof.replace(/\.(\d{10})\./, ".9999999999."), "a", 8]],
    ["has another id", (proof) => [`00000000-${proof.slice(9)}`, "a", 8]],
    [
      "has no mark of ours",
      (proof) => [proof.replace(/\.[\w-]{43}:/, `.${"A".repeat(43)}:`), "a", 8],
    ],
    ["has a number that is none", (proof) => [proof.replace(/:\d+$/, ":x"), "a", 8]],
    ["goes on", (proof) => [`${proof}0:1`, "a", 8]],
    ["is very long", (proof) => [`${proof}${"0".repeat(100_000)}`, "a", 8]],
  ])("that %s passes never", async (_what, forge) => {
    const challenge = issueChallenge("a", 8);
    const { proof } = solve(challenge);
    expect(await redeemProof(...forge(proof, challenge.token))).toBe(false);
    expect(await redeemProof(proof, "a", 8)).toBe(true);
  });

  test("that was not worked for does not pass", async () => {
    const { token } = issueChallenge("a", 30);
    const results = await race(20, (index) => redeemProof(`${token}:${index}`, "a", 30));
    expect(results.filter(Boolean)).toEqual([]);
  });

  test("expires, and is then forgotten", async () => {
    const old = issueChallenge("a", 1);
    const { proof } = solve(old);
    expect(await redeemProof(proof, "a", 1)).toBe(true);
    await prisma().spentProof.updateMany({ data: { expiresAt: new Date(Date.now() - 1_000) } });
    await purgeAuthn();
    expect(await prisma().spentProof.count()).toBe(0);
  });
});

test("the work grows with failures and locks, and nobody works for what a lock refuses", () => {
  const bits = (failures: number, locks: number) => workOf(failures, locks, STRANGER_BUDGET);
  expect([0, 1, 2, 3, 4, 5, 6].map((failures) => bits(failures, 0))).toEqual([
    0, 0, 0, 16, 17, 0, 0,
  ]);
  expect([1, 2, 3, 4, 50].map((locks) => bits(0, locks))).toEqual([17, 18, 19, 20, 20]);
});

describe("before a password of somebody whom no device shows (F119)", () => {
  test("three failures cost nothing, and then each guess is worked for", async () => {
    const user = await aUser();
    await guessFreely(user.email);
    const challenge = challengeIn(await signIn(user.email, user.password));
    expect(challenge.bits).toBe(16);
    const { proof } = solve(challenge);
    expect((await signIn(user.email, "guess", proof)).outcome).toBe("rejected");
    const harder = challengeIn(await signIn(user.email, user.password, proof));
    expect(harder.bits).toBe(17);
    const given = await signIn(user.email, user.password, solve(harder).proof);
    expect(given.outcome).toBe("authenticated");
    // Nothing of it is left.
    expect((await signIn(user.email, "guess")).outcome).toBe("rejected");
  });

  test("an address that nobody has asks for the same (ATK-38)", async () => {
    await guessFreely("nobody-works@example.com");
    expect(challengeIn(await signIn("nobody-works@example.com", "guess")).bits).toBe(16);
  });

  test("one proof opens one guess of 50 (ATK-34)", async () => {
    const user = await aUser();
    await guessFreely(user.email);
    const { proof } = solve(challengeIn(await signIn(user.email, "guess")));
    const results = await race(50, () => signIn(user.email, "guess", proof));
    const looked = results.filter(({ outcome }) => outcome === "rejected");
    expect(looked).toHaveLength(1);
  });

  test("a flood without work brings no lock about", async () => {
    const user = await aUser();
    await guessFreely(user.email);
    const results = await race(50, () => signIn(user.email, "guess"));
    expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(["challenge-required"]));
  });

  test("the work for one account opens no other", async () => {
    const [user, other] = [await aUser(), await aUser()];
    await guessFreely(user.email);
    await guessFreely(other.email);
    const { proof } = solve(challengeIn(await signIn(user.email, "guess")));
    expect((await signIn(other.email, "guess", proof)).outcome).toBe("challenge-required");
  });

  test("a known device is not asked", async () => {
    const user = await aUser();
    const device = newSecret();
    await prisma().device.create({ data: { userId: user.id, tokenHash: hashSecret(device) } });
    await guessFreely(user.email);
    const given = await signIn(user.email, user.password, undefined, device);
    expect(given.outcome).toBe("authenticated");
  });

  test("a flow asks for the same, for a password and for nothing else", async () => {
    const user = await aUser();
    await guessFreely(user.email);
    const browser = { flowSecret: await beginSignIn(user.email, "/"), deviceSecret: undefined };
    const attempt = (kind: "password" | "email-code" | "passkey", proof?: string) =>
      attemptFactor(
        browser,
        kind,
        { password: user.password, code: "000000", response: "{}" },
        { trustDevice: false, proof },
        fromElsewhere(),
      );
    expect((await attempt("passkey")).outcome).toBe("rejected");
    const asked = await attempt("password");
    if (asked.outcome !== "challenge-required") throw new Error(asked.outcome);
    expect((await attempt("password", solve(asked.challenge).proof)).outcome).toBe("authenticated");
  });
});

test("a network that signs many up works for each further one (F119)", async () => {
  const request = aRequest({ ip: "198.51.100.66" });
  const signUp = (index: number, proof?: string) =>
    register(
      {
        email: `worker-${index}@example.com`,
        name: null,
        password: "violet teapot under gravel",
        browserSecret: null,
        proof,
      },
      request,
    );
  for (let index = 0; index < 15; index += 1) {
    expect((await signUp(index)).outcome).toBe("accepted");
  }
  const asked = await signUp(15);
  if (asked.outcome !== "challenge-required") throw new Error(asked.outcome);
  const { proof } = solve(asked.challenge);
  expect((await signUp(15, proof)).outcome).toBe("accepted");
  expect((await signUp(16, proof)).outcome).toBe("challenge-required");
});
