import { beforeAll, describe, expect, test } from "vitest";
import { attemptFactor, promptFactor } from "@/lib/authn/attempt-factor";
import { beginSignIn } from "@/lib/authn/sign-in-flow";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { inspectSignInLink, signInWithLink } from "@/lib/authn/sign-in-with-link";
import { prisma } from "@/lib/platform/db/client";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { anInstance, aRequest, aUser } from "@/tests/support/builders";
import { aTotp } from "@/tests/support/factors";
import { mailsTo, tokenMailedTo } from "@/tests/support/mailbox";
import { race } from "@/tests/support/race";

const ONCE = { trustDevice: false };
const NO_COOKIES = { deviceSecret: undefined, sessionSecret: undefined };
const ELSEWHERE = { flowSecret: undefined, deviceSecret: undefined };

beforeAll(async () => {
  await anInstance();
});

let network = 0;
/** Each from a network of its own, so that no test spends another's budget. */
const fromElsewhere = () => {
  network += 1;
  return aRequest({ ip: `10.9.${network >> 8}.${network & 255}` });
};

async function askedBy(email: string, via: "code" | "link") {
  const browser = { flowSecret: await beginSignIn(email, "/invoices"), deviceSecret: undefined };
  const prompt = await promptFactor(browser, "email-code", fromElsewhere(), via);
  return { browser, prompt };
}

async function codeMailedTo(email: string): Promise<string> {
  const text = (await mailsTo(email)).at(-1)?.text ?? "";
  return /\b\d{6}\b/.exec(text)?.[0] ?? "";
}

const answer = (browser: { flowSecret: string; deviceSecret: undefined }, code: string) =>
  attemptFactor(browser, "email-code", { code }, ONCE, fromElsewhere());

describe("a code by mail", () => {
  test("signs in once, in the flow that asked for it (F4)", async () => {
    const user = await aUser();
    const { browser } = await askedBy(user.email, "code");
    const { browser: other } = await askedBy(user.email, "code");
    const newest = await codeMailedTo(user.email);
    expect((await answer(browser, newest)).outcome).toBe("rejected");
    const result = await answer(other, newest);
    if (result.outcome !== "authenticated") throw new Error(result.outcome);
    const redeemed = await redeemSignInTicket(result.ticket, NO_COOKIES, aRequest());
    const principal = await findPrincipal(redeemed?.sessionSecret);
    expect(principal?.session.amr).toEqual(["email"]);
    expect((await answer(other, newest)).outcome).toBe("out-of-order");
  });

  test("takes five guesses, and then a new one is needed", async () => {
    const user = await aUser();
    const { browser } = await askedBy(user.email, "code");
    const code = await codeMailedTo(user.email);
    const wrong = code === "000000" ? "000001" : "000000";
    const results = await race(20, () => answer(browser, wrong));
    const looked = results.filter((r) => r.outcome === "rejected" && r.reason === "wrong");
    expect(looked.length).toBeLessThanOrEqual(5);
    expect((await answer(browser, code)).outcome).not.toBe("authenticated");
  });

  test("expires", async () => {
    const user = await aUser();
    const { browser } = await askedBy(user.email, "code");
    const code = await codeMailedTo(user.email);
    await prisma().factorChallenge.updateMany({
      where: { userId: user.id },
      data: { expiresAt: new Date(Date.now() - 1_000) },
    });
    expect(await answer(browser, code)).toEqual({ outcome: "rejected", reason: "spent" });
  });

  test("is mailed no more than five times an hour to one address (F120)", async () => {
    const user = await aUser();
    const prompts = await race(12, async () => (await askedBy(user.email, "code")).prompt.outcome);
    expect(prompts.filter((outcome) => outcome === "asked")).toHaveLength(5);
    expect(await mailsTo(user.email)).toHaveLength(5);
  });

  test("an address that nobody has is answered alike, and told so by mail (ATK-38)", async () => {
    const email = "nobody-with-this@example.com";
    const { browser, prompt } = await askedBy(email, "code");
    expect(prompt).toEqual({ outcome: "asked" });
    expect((await mailsTo(email)).map(({ subject }) => subject)).toEqual([
      "No account with this address",
    ]);
    expect(await answer(browser, "123456")).toEqual({ outcome: "rejected", reason: "wrong" });
  });
});

describe("a link by mail", () => {
  test("is not used up by looking, and signs in once where it is opened (F3)", async () => {
    const user = await aUser();
    const { browser } = await askedBy(user.email, "link");
    const token = await tokenMailedTo(user.email);
    for (let look = 0; look < 3; look += 1) {
      expect(await inspectSignInLink(token, browser)).toMatchObject({ elsewhere: false });
    }
    const results = await race(50, () => signInWithLink(token, browser, fromElsewhere()));
    const signedIn = results.filter(({ outcome }) => outcome === "authenticated");
    expect(signedIn).toHaveLength(1);
    expect(signedIn[0]).toMatchObject({ returnTo: "/invoices" });
    expect(await inspectSignInLink(token, browser)).toEqual({ state: "used" });
  });

  test("opened elsewhere says so, and gives nothing to the browser that asked", async () => {
    const user = await aUser();
    const { browser } = await askedBy(user.email, "link");
    const token = await tokenMailedTo(user.email);
    expect(await inspectSignInLink(token, ELSEWHERE)).toMatchObject({ elsewhere: true });
    expect((await signInWithLink(token, ELSEWHERE, fromElsewhere())).outcome).toBe("authenticated");
    expect((await answer(browser, "123456")).outcome).toBe("rejected");
  });

  test("goes round no second factor (ATK-33)", async () => {
    const user = await aUser();
    await aTotp(user.id);
    await askedBy(user.email, "link");
    const token = await tokenMailedTo(user.email);
    expect((await signInWithLink(token, ELSEWHERE, fromElsewhere())).outcome).toBe("continue");
  });

  test("opens nothing for a disabled user, nor for nonsense", async () => {
    const user = await aUser();
    await askedBy(user.email, "link");
    const token = await tokenMailedTo(user.email);
    await prisma().user.update({ where: { id: user.id }, data: { status: "disabled" } });
    expect(await inspectSignInLink(token, ELSEWHERE)).toEqual({ state: "unknown" });
    expect((await signInWithLink(token, ELSEWHERE, fromElsewhere())).outcome).toBe("rejected");
    for (const nonsense of [undefined, "", "x".repeat(43), 7]) {
      expect((await signInWithLink(nonsense, ELSEWHERE, fromElsewhere())).outcome).toBe("rejected");
    }
  });
});
