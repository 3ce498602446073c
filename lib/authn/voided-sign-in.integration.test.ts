import { beforeAll, expect, test, vi } from "vitest";
import { attemptFactor, type Browser, promptFactor } from "@/lib/authn/attempt-factor";
import { changePassword } from "@/lib/authn/change-password";
import { resetFactorsAsOperator } from "@/lib/authn/reset-factors";
import { requestPasswordReset, resetPassword } from "@/lib/authn/reset-password";
import { continueWithIdentity, ticketOfIdentity } from "@/lib/authn/sign-in-after-identity";
import { beginSignIn } from "@/lib/authn/sign-in-flow";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { signInWithLink } from "@/lib/authn/sign-in-with-link";
import { signInWithPassword } from "@/lib/authn/sign-in-with-password";
import { proofOfIdentity } from "@/lib/federation/sign-in-with-identity";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { findPrincipal } from "@/lib/sessions/current-principal";
import {
  anInstance,
  aRequest,
  aSession,
  aUser,
  callerWith,
  type TestUser,
} from "@/tests/support/builders";
import { anAddress, aTotp, totpCode } from "@/tests/support/factors";
import { mailsTo, tokenMailedTo } from "@/tests/support/mailbox";
import { aNamelessSignIn, answerWithPasskey } from "@/tests/support/passkey-sign-in";
import { aPasskey, ownSite } from "@/tests/support/passkeys";
import { race } from "@/tests/support/race";
import { usePasskey } from "@/tests/support/software-authenticator";
import { aTicket } from "@/tests/support/tickets";

/** What happens once something was proven, and before it has led anywhere. */
const meanwhile = vi.hoisted(() => ({ happens: async (): Promise<unknown> => undefined }));
vi.mock("@/lib/authn/find-risk", async (original) => {
  const actual = await original<typeof import("@/lib/authn/find-risk")>();
  const findRisk: typeof actual.findRisk = async (...given) => {
    await meanwhile.happens();
    return actual.findRisk(...given);
  };
  return { ...actual, findRisk };
});

// A sign-in that is under way while what it rests on is replaced or taken away (INV-2).

beforeAll(async () => {
  await anInstance();
});

const NEXT = "an entirely different phrase";
const ONCE = { trustDevice: false };
const NEW_BROWSER = { deviceSecret: undefined, sessionSecret: undefined };

async function during<T>(happens: () => Promise<unknown>, work: () => Promise<T>): Promise<T> {
  meanwhile.happens = happens;
  try {
    return await work();
  } finally {
    meanwhile.happens = async () => undefined;
  }
}

/** Nothing that stands in the database for this user leads to a session any more. */
async function expectNothingOpen(user: TestUser): Promise<void> {
  const [userId, now] = [user.id, new Date()];
  expect(
    await prisma().signInTicket.count({
      where: { userId, consumedAt: null, expiresAt: { gt: now } },
    }),
  ).toBe(0);
  expect(
    await prisma().signInFlow.count({
      where: { userId, finishedAt: null, proofs: { isEmpty: false } },
    }),
  ).toBe(0);
}

const resets = async (user: TestUser) => {
  await requestPasswordReset(user.email, aRequest({ ip: anAddress() }));
  const token = await tokenMailedTo(user.email);
  return async () => {
    expect((await resetPassword(token, NEXT, aRequest())).outcome).toBe("changed");
  };
};

const changes = async (user: TestUser) => {
  const caller = await callerWith(await aSession(user.id));
  return async () => {
    expect((await changePassword(caller, user.password, NEXT)).outcome).toBe("changed");
  };
};

const signIn = (user: TestUser) =>
  signInWithPassword(user.email, user.password, undefined, aRequest({ ip: anAddress() }));

test.each([
  ["reset", resets],
  ["change", changes],
])("a password that is verified while a %s replaces it opens nothing (INV-2)", async (_, of) => {
  const user = await aUser();
  const attempt = await during(await of(user), () => signIn(user));
  expect(attempt).toEqual({ outcome: "rejected", reason: "invalid-credentials" });
  await expectNothingOpen(user);
  const event = await prisma().auditEvent.findFirstOrThrow({
    where: { action: "session.rejected", targetId: user.id },
  });
  expect(event.reason).toBe("password: voided");
});

test("nor does it begin what a second factor would finish (INV-2)", async () => {
  const user = await aUser();
  await aTotp(user.id);
  const attempt = await during(await resets(user), () => signIn(user));
  expect(attempt).toEqual({ outcome: "rejected", reason: "invalid-credentials" });
  await expectNothingOpen(user);
});

const aFlowOf = async (email: string): Promise<Browser> => ({
  flowSecret: await beginSignIn(email, "/"),
  deviceSecret: undefined,
});

test("a password that is the step of a flow opens nothing once it is replaced (INV-2)", async () => {
  const user = await aUser();
  const browser = await aFlowOf(user.email);
  const answer = { password: user.password };
  const attempt = await during(await resets(user), () =>
    attemptFactor(browser, "password", answer, ONCE, aRequest({ ip: anAddress() })),
  );
  expect(attempt.outcome).toBe("out-of-order");
  await expectNothingOpen(user);
});

test("a code by mail opens nothing when a reset comes between it and the session (INV-2)", async () => {
  const user = await aUser();
  const browser = await aFlowOf(user.email);
  const reset = await resets(user);
  await promptFactor(browser, "email-code", aRequest({ ip: anAddress() }));
  const code = /\b\d{6}\b/.exec((await mailsTo(user.email)).at(-1)?.text ?? "")?.[0];
  const attempt = await during(reset, () =>
    attemptFactor(browser, "email-code", { code }, ONCE, aRequest()),
  );
  expect(attempt.outcome).toBe("out-of-order");
  await expectNothingOpen(user);
});

test.each([false, true])(
  "a link by mail opens nothing when a reset comes between it and the session, second factor: %s (INV-2)",
  async (secured) => {
    const user = await aUser();
    if (secured) await aTotp(user.id);
    const browser = await aFlowOf(user.email);
    const reset = await resets(user);
    await promptFactor(browser, "email-code", aRequest({ ip: anAddress() }), "link");
    const link = await tokenMailedTo(user.email);
    const attempt = await during(reset, () => signInWithLink(link, browser, aRequest()));
    expect(attempt).toEqual({ outcome: "rejected" });
    await expectNothingOpen(user);
  },
);

test("a passkey that names its owner opens nothing once it is taken away (INV-2)", async () => {
  const user = await aUser();
  const passkey = await aPasskey(user.id);
  const browser = await aNamelessSignIn();
  const response = usePasskey(browser, ownSite(), passkey);
  const attempt = await during(
    () => resetFactorsAsOperator(user.email, "lost", aRequest()),
    () => answerWithPasskey(browser, response),
  );
  expect(attempt.outcome).toBe("out-of-order");
  await expectNothingOpen(user);
});

test("an identity that was looked up before a reset opens and begins nothing after it (INV-2)", async () => {
  const user = await aUser();
  const identity = { provider: "google", providerAccountId: newId() };
  await prisma().account.create({ data: { userId: user.id, type: "oidc", ...identity } });
  const before = await proofOfIdentity(identity);
  if (before === null) throw new Error("the identity is nobody's");
  await (await resets(user))();
  expect(await ticketOfIdentity(before, undefined)).toBeNull();
  await aTotp(user.id);
  expect(await continueWithIdentity(before, undefined, "/")).toBeNull();
  await expectNothingOpen(user);
  const after = await proofOfIdentity(identity);
  expect(after && (await continueWithIdentity(after, undefined, "/"))).not.toBeNull();
});

test("whoever comes first, a session by the former password does not outlive its reset (INV-2)", async () => {
  for (let round = 0; round < 5; round += 1) {
    const user = await aUser();
    const reset = await resets(user);
    const [, ...attempts] = await Promise.all([reset(), ...[1, 2, 3, 4].map(() => signIn(user))]);
    for (const attempt of attempts) {
      if (attempt.outcome !== "authenticated") continue;
      const redeemed = await redeemSignInTicket(attempt.ticket, NEW_BROWSER, aRequest());
      expect(redeemed).toBeNull();
    }
    await expectNothingOpen(user);
  }
});

test("a ticket that is redeemed while a reset commits leaves no session behind (INV-2)", async () => {
  for (let round = 0; round < 10; round += 1) {
    const user = await aUser();
    const reset = await resets(user);
    const ticket = await aTicket({ userId: user.id, acr: "test", amr: ["pwd"] });
    const [redeemed] = await Promise.all([
      redeemSignInTicket(ticket, NEW_BROWSER, aRequest()),
      reset(),
    ]);
    expect(redeemed && (await findPrincipal(redeemed.sessionSecret))).toBeNull();
  }
});

test("the last step of a flow that is passed while a reset commits leaves no ticket behind (INV-2)", async () => {
  const user = await aUser();
  const code = totpCode(await aTotp(user.id));
  const begun = await signIn(user);
  if (begun.outcome !== "continue") throw new Error(begun.outcome);
  const browser = { flowSecret: begun.flowSecret, deviceSecret: undefined };
  const reset = await resets(user);
  await race(2, async (index) => {
    if (index === 0) await reset();
    else await attemptFactor(browser, "totp", { code }, ONCE, aRequest({ ip: anAddress() }));
  });
  await expectNothingOpen(user);
});
