import { beforeAll, expect, test } from "vitest";
import { attemptFactor, promptFactor } from "@/lib/authn/attempt-factor";
import { enrolTotp, startTotp } from "@/lib/authn/own-factors";
import { inspectResetLink, resetPassword } from "@/lib/authn/reset-password";
import { disownSignIn, inspectAlert } from "@/lib/authn/sign-in-alert";
import { beginSignIn, findDeviceOf, findFlow } from "@/lib/authn/sign-in-flow";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { signInWithLink } from "@/lib/authn/sign-in-with-link";
import { signInWithPassword } from "@/lib/authn/sign-in-with-password";
import { listEnrolledFactors } from "@/lib/credentials/registry";
import { createToken } from "@/lib/personal-tokens/own-tokens";
import { newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { findPrincipal } from "@/lib/sessions/current-principal";
import type { Caller } from "@/lib/shared/caller";
import { send as sendJson } from "@/tests/support/api";
import { aClient, serveMachinePaths } from "@/tests/support/authorization-server";
import {
  anInstance,
  aRequest,
  aSession,
  aUser,
  callerWith,
  type TestUser,
} from "@/tests/support/builders";
import { codeFlow } from "@/tests/support/code-flow";
import { anAddress, aTotp, someRecoveryCodes, totpCode } from "@/tests/support/factors";
import { mailsTo, tokenMailedTo } from "@/tests/support/mailbox";
import { answerWithPasskey, askPasskey } from "@/tests/support/passkey-sign-in";
import { aPasskey, ownSite } from "@/tests/support/passkeys";
import { race } from "@/tests/support/race";
import { CALLBACK } from "@/tests/support/relying-party";
import { usePasskey } from "@/tests/support/software-authenticator";
import { aTicket } from "@/tests/support/tickets";

const send = serveMachinePaths();

beforeAll(async () => {
  await anInstance();
});

async function signIn(userId: string, deviceSecret: string): Promise<string> {
  const ticket = await aTicket({ userId, acr: "urn:gatehouse:aal1", amr: ["pwd"] });
  const browser = { deviceSecret, sessionSecret: undefined };
  return (await redeemSignInTicket(ticket, browser, aRequest()))?.sessionSecret ?? "";
}

const alertsTo = async (email: string) =>
  (await mailsTo(email)).filter(({ kind }) => kind === "new-device");

test("a sign-in from a new device is told by mail; the first of all and later ones are not (F35)", async () => {
  const user = await aUser();
  const [own, other] = [newSecret(), newSecret()];
  await signIn(user.id, own);
  await signIn(user.id, own);
  expect(await alertsTo(user.email)).toEqual([]);
  await signIn(user.id, other);
  await signIn(user.id, other);
  const alerts = await alertsTo(user.email);
  expect(alerts).toHaveLength(1);
  expect(alerts[0]?.text).toContain("192.0.2.1");
});

test("its link takes the account back, once, even for 50 parallel clicks", async () => {
  const user = await aUser();
  const own = newSecret();
  const mine = await signIn(user.id, own);
  const stranger = newSecret();
  const theirs = await signIn(user.id, stranger);
  const further = await aSession(user.id);
  await prisma().device.updateMany({
    where: { userId: user.id },
    data: { trustedUntil: new Date(Date.now() + 86_400_000) },
  });
  const token = await tokenMailedTo(user.email);
  for (let look = 0; look < 3; look += 1) {
    expect(await inspectAlert(token)).toEqual({ state: "pending", email: user.email });
  }
  const results = await race(50, () => disownSignIn(token, aRequest()));
  const done = results.filter(({ outcome }) => outcome === "disowned");
  expect(done).toEqual([{ outcome: "disowned", endedSessions: 3 }]);
  for (const cookie of [mine, theirs, further]) expect(await findPrincipal(cookie)).toBeNull();
  const devices = await prisma().device.findMany({ where: { userId: user.id } });
  expect(devices.map(({ trustedUntil }) => trustedUntil)).toEqual([null, null]);
  expect(await inspectAlert(token)).toEqual({ state: "used" });

  const reset = await tokenMailedTo(user.email);
  expect(await inspectResetLink(reset)).toMatchObject({ state: "pending", email: user.email });
  const event = await prisma().auditEvent.findFirstOrThrow({
    where: { action: "user.sign_in_disowned", targetId: user.id },
  });
  expect(event.outcome).toBe("success");
});

test("its link ends what acts without a session: what apps were granted, and personal access tokens (F35)", async () => {
  const user = await aUser();
  await signIn(user.id, newSecret());
  const web = await aClient({ name: "Shop", kind: "web", redirectUris: [CALLBACK] });
  const flow = codeFlow(send, () => web);
  // Allowed and made by whoever it was that signed in.
  const theirs = await signIn(user.id, newSecret());
  const link = await tokenMailedTo(user.email);
  const { accessToken, refreshToken } = await flow.tokens(theirs);
  const personal = await createToken(await callerWith(theirs), {
    name: "Script",
    scopes: ["api:read"],
    lifetimeDays: 30,
  });
  if (personal.outcome !== "created") throw new Error(personal.outcome);
  const me = () =>
    sendJson(null, "GET", "/api/v1/me", undefined, { authorization: `Bearer ${personal.secret}` });
  expect((await me()).status).toBe(200);

  expect((await disownSignIn(link, aRequest())).outcome).toBe("disowned");
  const refreshed = await flow.refresh(refreshToken);
  expect([refreshed.status, refreshed.body["error"]]).toEqual([400, "invalid_grant"]);
  expect((await flow.introspect(accessToken)).body).toEqual({ active: false });
  expect((await me()).status).toBe(401);
  expect(await prisma().oidcGrant.count({ where: { userId: user.id } })).toBe(0);
});

test("its link takes away what the stranger added, and leaves what was there before", async () => {
  const user = await aUser();
  await signIn(user.id, newSecret());
  await someRecoveryCodes(user.id);
  await signIn(user.id, newSecret());
  const token = await tokenMailedTo(user.email);
  await aTotp(user.id);
  await aPasskey(user.id);
  expect((await disownSignIn(token, aRequest())).outcome).toBe("disowned");
  expect(await listEnrolledFactors(user.id)).toEqual(["password", "email-code", "recovery-code"]);
});

/** Somebody whose one browser has been known for eight days, and who was told of another by mail. */
async function alerted() {
  const user = await aUser();
  const [own, other] = [newSecret(), newSecret()];
  const mine = await callerWith(await signIn(user.id, own));
  await prisma().$executeRaw`
    UPDATE devices SET created_at = created_at - interval '8 days' WHERE user_id = ${user.id}::uuid`;
  const theirs = await callerWith(await signIn(user.id, other));
  return { user, own, other, mine, theirs, token: await tokenMailedTo(user.email) };
}

async function addTotp(caller: Caller): Promise<string> {
  const text = (await startTotp(caller))?.text ?? "";
  expect((await enrolTotp(caller, totpCode(text)))?.outcome).toBe("changed");
  await prisma().totpCredential.updateMany({
    where: { userId: caller.principal.userId },
    data: { lastStep: 0 },
  });
  return text;
}

/** The way of who reads the mailbox and knows nothing else. */
async function takeByMail(user: TestUser, token: string) {
  expect((await disownSignIn(token, aRequest())).outcome).toBe("disowned");
  const chosen = "chosen by whoever reads the mail";
  const reset = await resetPassword(await tokenMailedTo(user.email), chosen, aRequest());
  expect(reset.outcome).toBe("changed");
  const request = aRequest({ ip: anAddress() });
  const attempt = await signInWithPassword(user.email, chosen, undefined, request);
  if (attempt.outcome !== "continue") return attempt.outcome;
  return (await findFlow(attempt.flowSecret, undefined))?.next;
}

test("the mailbox and its mail go round no factor that was added on a device known for long (ATK-33)", async () => {
  const { user, mine, token } = await alerted();
  await addTotp(mine);
  expect(await takeByMail(user, token)).toEqual({ step: "second-factor", offers: ["totp"] });
});

test("nor round one that was added on the new device and then proven on the older (ATK-33)", async () => {
  const { user, own, theirs, token } = await alerted();
  const secret = await addTotp(theirs);
  const begun = await signInWithPassword(user.email, user.password, own, aRequest());
  if (begun.outcome !== "continue") throw new Error(begun.outcome);
  const browser = { flowSecret: begun.flowSecret, deviceSecret: own };
  const code = { code: totpCode(secret, 1) };
  const once = { trustDevice: false };
  const passed = await attemptFactor(browser, "totp", code, once, aRequest());
  expect(passed.outcome).toBe("authenticated");
  expect(await takeByMail(user, token)).toEqual({ step: "second-factor", offers: ["totp"] });
});

test("nor round a passkey that has signed in on the older device since (ATK-33)", async () => {
  const { user, own, token } = await alerted();
  const passkey = await aPasskey(user.id);
  await aPasskey(user.id, "Of a stranger");
  const browser = { flowSecret: await beginSignIn(user.email, "/"), deviceSecret: own };
  const response = usePasskey(await askPasskey(browser), ownSite(), passkey);
  expect((await answerWithPasskey(browser, response)).outcome).toBe("authenticated");
  expect(await takeByMail(user, token)).toEqual({ step: "second-factor", offers: ["passkey"] });
  const left = await prisma().passkeyCredential.findMany({ where: { userId: user.id } });
  expect(left.map(({ name }) => name)).toEqual(["Key"]);
});

test("what a stranger added is gone, also from a second browser of theirs that came first", async () => {
  const user = await aUser();
  await signIn(user.id, newSecret());
  const first = await callerWith(await signIn(user.id, newSecret()));
  await signIn(user.id, newSecret());
  const token = await tokenMailedTo(user.email);
  await addTotp(first);
  expect((await disownSignIn(token, aRequest())).outcome).toBe("disowned");
  expect(await listEnrolledFactors(user.id)).toEqual(["password", "email-code"]);
});

test("no browser stays known but the one that the link is opened on, and that only where it is another (F35)", async () => {
  for (const opensOn of ["own", "other"] as const) {
    const { user, own, mine, token, other } = await alerted();
    const secret = { own, other }[opensOn];
    expect((await disownSignIn(token, aRequest(), secret)).outcome).toBe("disowned");
    const known = [await findDeviceOf(user.id, own), await findDeviceOf(user.id, other)];
    const { deviceId } = await prisma().session.findUniqueOrThrow({
      where: { id: mine.principal.session.id },
    });
    expect(known).toEqual([opensOn === "own" ? deviceId : null, null]);
  }
});

test("its link works for a week (F35)", async () => {
  const { user, token } = await alerted();
  const { createdAt, expiresAt } = await prisma().signInAlert.findFirstOrThrow({
    where: { userId: user.id },
  });
  expect(expiresAt.getTime() - createdAt.getTime()).toBe(7 * 86_400_000);
  await prisma().$executeRaw`
    UPDATE sign_in_alerts SET expires_at = date_trunc('milliseconds', now())
     WHERE user_id = ${user.id}::uuid`;
  expect(await inspectAlert(token)).toEqual({ state: "expired" });
  expect(await disownSignIn(token, aRequest())).toEqual({ outcome: "rejected" });
});

test("a sign-in half done does not go on once the password is reset or the account taken back", async () => {
  const user = await aUser();
  await signIn(user.id, newSecret());
  await signIn(user.id, newSecret());
  const token = await tokenMailedTo(user.email);
  const flowSecret = await beginSignIn(user.email, "/");
  const browser = { flowSecret, deviceSecret: undefined };
  await promptFactor(browser, "email-code", aRequest(), "link");
  const link = await tokenMailedTo(user.email);
  await disownSignIn(token, aRequest());
  expect((await signInWithLink(link, browser, aRequest())).outcome).toBe("rejected");
  const { password } = user;
  const once = { trustDevice: false };
  const late = await attemptFactor(browser, "password", { password }, once, aRequest());
  expect(late.outcome).toBe("out-of-order");
});

test("its link sets no password, and a link that does disowns nothing (ATK-37)", async () => {
  const user = await aUser();
  await signIn(user.id, newSecret());
  await signIn(user.id, newSecret());
  const token = await tokenMailedTo(user.email);
  expect(await inspectResetLink(token)).toEqual({ state: "unknown" });
  await disownSignIn(token, aRequest());
  const reset = await tokenMailedTo(user.email);
  expect(await disownSignIn(reset, aRequest())).toEqual({ outcome: "rejected" });
  for (const nonsense of [undefined, "", 7, newSecret()]) {
    expect(await disownSignIn(nonsense, aRequest())).toEqual({ outcome: "rejected" });
  }
});
