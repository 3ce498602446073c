import { beforeAll, describe, expect, test } from "vitest";
import { attemptFactor, type Browser } from "@/lib/authn/attempt-factor";
import { continueWithIdentity, ticketOfIdentity } from "@/lib/authn/sign-in-after-identity";
import { beginSignIn, beginStepUp, findFlow } from "@/lib/authn/sign-in-flow";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { signInWithPassword } from "@/lib/authn/sign-in-with-password";
import { newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { AAL1, AAL2 } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import {
  aCaller,
  anInstance,
  aRequest,
  aSession,
  aUser,
  callerWith,
  type TestUser,
} from "@/tests/support/builders";
import { aTotp, someRecoveryCodes, totpCode } from "@/tests/support/factors";
import { race } from "@/tests/support/race";
import { aProof } from "@/tests/support/tickets";

const NO_COOKIES = { deviceSecret: undefined, sessionSecret: undefined };
const ONCE = { trustDevice: false };
const TRUSTING = { trustDevice: true };

beforeAll(async () => {
  await anInstance();
});

/** Past the password, before the second factor. */
async function halfway(user: TestUser, deviceSecret?: string): Promise<Browser> {
  const { email, password } = user;
  const result = await signInWithPassword(email, password, deviceSecret, aRequest(), {
    returnTo: "/invoices",
  });
  if (result.outcome !== "continue") throw new Error(result.outcome);
  return { flowSecret: result.flowSecret, deviceSecret };
}

const steppingUp = async (caller: Caller): Promise<Browser> => ({
  flowSecret: await beginStepUp(caller, "/"),
  deviceSecret: undefined,
  sessionId: caller.principal.session.id,
});

const answerTotp = (browser: Browser, code: string, options = ONCE) =>
  attemptFactor(browser, "totp", { code }, options, aRequest());

async function enterWith(ticket: string, deviceSecret?: string) {
  const redeemed = await redeemSignInTicket(
    ticket,
    { deviceSecret, sessionSecret: undefined },
    aRequest(),
  );
  const principal = redeemed && (await findPrincipal(redeemed.sessionSecret));
  if (!redeemed || !principal) throw new Error("the ticket opened nothing");
  const device = redeemed.deviceSecret ?? deviceSecret;
  return { principal, secret: redeemed.sessionSecret, device };
}

describe("with a second factor", () => {
  test("the password alone opens nothing, and both open a session at AAL2", async () => {
    const user = await aUser();
    const secret = await aTotp(user.id);
    const browser = await halfway(user);
    expect((await findFlow(browser.flowSecret, undefined))?.next).toEqual({
      step: "second-factor",
      offers: ["totp"],
    });
    const result = await answerTotp(browser, totpCode(secret));
    if (result.outcome !== "authenticated") throw new Error(result.outcome);
    expect(result.returnTo).toBe("/invoices");
    const { principal } = await enterWith(result.ticket);
    expect(principal.session).toMatchObject({ acr: AAL2, amr: ["pwd", "otp", "mfa"] });
  });

  test("a passed factor replaces the flow's secret, and the former takes nothing (ATK-32)", async () => {
    const user = await aUser();
    const code = totpCode(await aTotp(user.id));
    const planted = { flowSecret: await beginSignIn(user.email, "/"), deviceSecret: undefined };
    const { password } = user;
    const results = await race(8, () =>
      attemptFactor(planted, "password", { password }, ONCE, aRequest()),
    );
    const [passed, ...others] = results.filter(({ outcome }) => outcome === "continue");
    if (passed?.outcome !== "continue") throw new Error("nobody passed");
    expect(others).toEqual([]);
    expect(await findFlow(planted.flowSecret, undefined)).toBeNull();
    expect((await answerTotp(planted, code)).outcome).toBe("out-of-order");
    const owner = { ...planted, flowSecret: passed.flowSecret };
    expect((await answerTotp(owner, code)).outcome).toBe("authenticated");
  });

  test("a code works once, also in another flow (F18)", async () => {
    const user = await aUser();
    const code = totpCode(await aTotp(user.id));
    const [one, other] = [await halfway(user), await halfway(user)];
    expect((await answerTotp(one, code)).outcome).toBe("authenticated");
    expect((await answerTotp(other, code)).outcome).toBe("rejected");
  });

  test("of 50 parallel answers with different codes one finishes the flow (DEC-1)", async () => {
    const user = await aUser();
    const secret = await aTotp(user.id);
    const codes = await someRecoveryCodes(user.id);
    const browser = await halfway(user);
    const results = await race(12, (index) =>
      index < 2
        ? answerTotp(browser, totpCode(secret, index))
        : attemptFactor(browser, "recovery-code", { code: codes[index - 2] }, ONCE, aRequest()),
    );
    const finished = results.filter(({ outcome }) => outcome === "authenticated");
    expect(finished).toHaveLength(1);
    expect((await answerTotp(browser, totpCode(secret, 1))).outcome).toBe("out-of-order");
  });

  test("another browser cannot finish the flow", async () => {
    const user = await aUser();
    const secret = await aTotp(user.id);
    await halfway(user);
    const stranger = { flowSecret: newSecret(), deviceSecret: undefined };
    expect((await answerTotp(stranger, totpCode(secret))).outcome).toBe("out-of-order");
  });

  test("the second factor is not taken before the first (ATK-33)", async () => {
    const user = await aUser();
    const secret = await aTotp(user.id);
    const browser = { flowSecret: await beginSignIn(user.email, "/"), deviceSecret: undefined };
    expect((await answerTotp(browser, totpCode(secret))).outcome).toBe("out-of-order");
  });

  test("a flow that has expired takes nothing", async () => {
    const user = await aUser();
    const secret = await aTotp(user.id);
    const browser = await halfway(user);
    await prisma().signInFlow.updateMany({
      where: { userId: user.id },
      data: { expiresAt: new Date(Date.now() - 1_000) },
    });
    expect((await answerTotp(browser, totpCode(secret))).outcome).toBe("out-of-order");
  });

  test("a provider's word goes round no second factor (ATK-33)", async () => {
    const user = await aUser();
    expect(await continueWithIdentity(await aProof(user.id), undefined, "/")).toBeNull();
    expect(await ticketOfIdentity(await aProof(user.id), undefined)).not.toBeNull();
    const secret = await aTotp(user.id);
    expect(await ticketOfIdentity(await aProof(user.id), undefined)).toBeNull();
    const flowSecret =
      (await continueWithIdentity(await aProof(user.id), undefined, "/")) ?? undefined;
    const result = await answerTotp({ flowSecret, deviceSecret: undefined }, totpCode(secret));
    expect(result.outcome).toBe("authenticated");
  });

  test("whoever is disabled halfway stays out", async () => {
    const user = await aUser();
    const secret = await aTotp(user.id);
    const browser = await halfway(user);
    await prisma().user.update({ where: { id: user.id }, data: { status: "disabled" } });
    expect((await answerTotp(browser, totpCode(secret))).outcome).toBe("rejected");
  });
});

describe("wrong codes", () => {
  test("lock the second factor after five, whoever guesses in parallel (F23, ATK-34)", async () => {
    const user = await aUser();
    const secret = await aTotp(user.id);
    const browser = await halfway(user);
    const results = await race(40, () => answerTotp(browser, "000000"));
    expect(results.filter(({ outcome }) => outcome === "rejected").length).toBeLessThanOrEqual(5);
    expect((await answerTotp(browser, totpCode(secret))).outcome).toBe("locked");
    // The password's budget is another: it still leads to the same locked door.
    await halfway(user);
  });

  test("are in the audit log, without the code", async () => {
    const user = await aUser();
    await aTotp(user.id);
    const browser = await halfway(user);
    const request = aRequest();
    await attemptFactor(browser, "totp", { code: "135790" }, ONCE, request);
    const event = await prisma().auditEvent.findFirstOrThrow({
      where: { requestId: request.requestId },
    });
    expect(event).toMatchObject({ action: "session.rejected", reason: "totp: wrong" });
    expect(JSON.stringify(event)).not.toContain("135790");
  });
});

describe("a trusted device", () => {
  test("is spared the second factor until its trust is taken away (F21)", async () => {
    const user = await aUser();
    const secret = await aTotp(user.id);
    const before = newSecret();
    const first = await answerTotp(await halfway(user, before), totpCode(secret), TRUSTING);
    if (first.outcome !== "authenticated") throw new Error(first.outcome);
    const { device } = await enterWith(first.ticket, before);

    const second = await signInWithPassword(user.email, user.password, device, aRequest());
    if (second.outcome !== "authenticated") throw new Error(second.outcome);
    const { principal } = await enterWith(second.ticket, device);
    expect(principal.session).toMatchObject({ acr: AAL1, deviceTrusted: true });

    await halfway(user, newSecret());
    // A copy of the cookie from before is the cookie of a stranger.
    await halfway(user, before);
    await prisma().device.updateMany({ where: { userId: user.id }, data: { trustedUntil: null } });
    await halfway(user, device);
  });

  test("is trusted no more once its organization trusts none", async () => {
    const user = await aUser();
    const secret = await aTotp(user.id);
    const before = newSecret();
    const first = await answerTotp(await halfway(user, before), totpCode(secret), TRUSTING);
    if (first.outcome !== "authenticated") throw new Error(first.outcome);
    const { principal, device } = await enterWith(first.ticket, before);
    const { organizationId } = principal;
    await prisma().signInPolicy.create({ data: { organizationId, trustedDeviceDays: 0 } });
    await halfway(user, device);
    await prisma().signInPolicy.delete({ where: { organizationId } });
    const again = await signInWithPassword(user.email, user.password, device, aRequest());
    expect(again.outcome).toBe("authenticated");
  });

  test("is not trusted on the strength of a password", async () => {
    const user = await aUser();
    const device = newSecret();
    const flowSecret = await beginSignIn(user.email, "/");
    const browser = { flowSecret, deviceSecret: device };
    const { password } = user;
    const result = await attemptFactor(browser, "password", { password }, TRUSTING, aRequest());
    if (result.outcome !== "authenticated") throw new Error(result.outcome);
    await enterWith(result.ticket, device);
    const trusted = { where: { userId: user.id, trustedUntil: { not: null } } };
    expect(await prisma().device.count(trusted)).toBe(0);
  });
});

describe("a step-up", () => {
  test("raises this session, with a new secret, and ends the old one's use (ATK-32)", async () => {
    const user = await aUser();
    const secret = await aTotp(user.id);
    const cookie = await aSession(user.id);
    const caller = await callerWith(cookie);
    const browser = await steppingUp(caller);
    const result = await answerTotp(browser, totpCode(secret));
    if (result.outcome !== "authenticated") throw new Error(result.outcome);
    const raised = await enterWith(result.ticket);
    expect(raised.principal.session).toMatchObject({ id: caller.principal.session.id, acr: AAL2 });
    expect(raised.secret).not.toBe(cookie);
    expect(await findPrincipal(cookie)).toBeNull();
  });

  test("is finished by nobody who no longer has the session (ATK-32)", async () => {
    const user = await aUser();
    const secret = await aTotp(user.id);
    const caller = await callerWith(await aSession(user.id));
    const { flowSecret, deviceSecret } = await steppingUp(caller);
    const stranger = { flowSecret, deviceSecret };
    expect((await answerTotp(stranger, totpCode(secret))).outcome).toBe("out-of-order");
  });

  test("takes no password from whoever has a second factor (ATK-33)", async () => {
    const user = await aUser();
    await aTotp(user.id);
    const caller = await callerWith(await aSession(user.id));
    const browser = await steppingUp(caller);
    const { password } = user;
    const result = await attemptFactor(browser, "password", { password }, ONCE, aRequest());
    expect(result.outcome).toBe("out-of-order");
  });

  test("raises no session that has ended meanwhile", async () => {
    const caller = await aCaller();
    const user = await prisma().user.findUniqueOrThrow({ where: { id: caller.principal.userId } });
    const secret = await aTotp(user.id);
    const browser = await steppingUp(caller);
    const result = await answerTotp(browser, totpCode(secret));
    if (result.outcome !== "authenticated") throw new Error(result.outcome);
    await prisma().session.updateMany({
      where: { userId: user.id },
      data: { revokedAt: new Date() },
    });
    expect(await redeemSignInTicket(result.ticket, NO_COOKIES, aRequest())).toBeNull();
  });
});

test("an address that nobody has is asked for the same as one that somebody has (ATK-38)", async () => {
  const user = await aUser();
  await aTotp(user.id);
  const [known, unknown] = await Promise.all(
    [user.email, "nobody-at-all@example.com"].map(async (email) =>
      findFlow(await beginSignIn(email, "/"), newSecret()),
    ),
  );
  expect(known?.next).toEqual(unknown?.next);
});
