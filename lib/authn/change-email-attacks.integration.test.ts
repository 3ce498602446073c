import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { requestEmailChange } from "@/lib/authn/change-email";
import { confirmEmailChange } from "@/lib/authn/confirm-email-change";
import { inspectResetLink, requestPasswordReset } from "@/lib/authn/reset-password";
import { disownSignIn, inspectAlert } from "@/lib/authn/sign-in-alert";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { undoEmailChange } from "@/lib/authn/undo-email-change";
import { inspectEmailLink, sendEmailCode } from "@/lib/credentials/email-code/email-codes";
import { listEnrolledFactors } from "@/lib/credentials/registry";
import { attachIdentity } from "@/lib/federation/link-identity";
import { prisma } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { moveAddress } from "@/lib/users/email-address";
import { updateUser } from "@/lib/users/update-user";
import { lockUser, voidSignIns } from "@/lib/users/user-identity";
import {
  aCaller,
  anInstance,
  aRequest,
  aSession,
  aUser,
  callerWith,
  type TestUser,
} from "@/tests/support/builders";
import { aFlow, aTotp, someRecoveryCodes } from "@/tests/support/factors";
import { mailsTo, tokenMailedTo } from "@/tests/support/mailbox";
import { defaultOrganizationId } from "@/tests/support/organizations";
import { aPolicy } from "@/tests/support/policies";
import { aRole, give } from "@/tests/support/roles";
import { aTicket } from "@/tests/support/tickets";

beforeAll(async () => {
  await anInstance();
});
afterEach(() => vi.useRealTimers());

const anAddress = () => `new-${newId()}@example.com`;

async function asked(user: TestUser): Promise<{ to: string; confirm: () => Promise<unknown> }> {
  const to = anAddress();
  await requestEmailChange(await callerWith(await aSession(user.id)), to);
  const tokens = [await tokenMailedTo(user.email), await tokenMailedTo(to)];
  const confirm = async () => {
    for (const token of tokens) await confirmEmailChange(token, user.id, aRequest());
  };
  return { to, confirm };
}

/** A sign-in from a browser that is new to a user who has signed in before; answers with the mail's link. */
async function alertFor(user: TestUser, address: string): Promise<string> {
  for (let times = 0; times < 2; times += 1) {
    const ticket = await aTicket({ userId: user.id, acr: "test", amr: ["pwd"] });
    const browser = { deviceSecret: undefined, sessionSecret: undefined };
    await redeemSignInTicket(ticket, browser, aRequest());
  }
  const mail = (await mailsTo(address)).findLast(({ kind }) => kind === "new-device");
  return /token=([\w-]+)/.exec(mail?.text ?? "")?.[1] ?? "";
}

test("a mail to a former address takes no factor away that came later (ATK-37)", async () => {
  const user = await aUser();
  const { confirm } = await asked(user);
  const alert = await alertFor(user, user.email);
  expect((await inspectAlert(alert)).state).toBe("pending");
  await confirm();
  await aTotp(user.id);
  expect(await disownSignIn(alert, aRequest())).toEqual({ outcome: "rejected" });
  expect(await listEnrolledFactors(user.id)).toContain("totp");
});

test("after an undo the other's mailbox has no way to take the owner's factors away", async () => {
  const user = await aUser();
  const { to, confirm } = await asked(user);
  await confirm();
  const undo = await tokenMailedTo(user.email);
  const theirs = await alertFor(user, to);
  expect((await inspectAlert(theirs)).state).toBe("pending");
  expect((await undoEmailChange(undo, aRequest())).outcome).toBe("undone");
  await aTotp(user.id);
  expect(await disownSignIn(theirs, aRequest())).toEqual({ outcome: "rejected" });
  expect(await listEnrolledFactors(user.id)).toContain("totp");
});

test("what nobody may hold together and an undo brings back is told to who manages duties (F98)", async () => {
  const domain = `d-${newId().slice(-12)}.example`;
  const user = await aUser({ roles: [] });
  const email = `ann@${domain}`;
  await prisma().user.update({ where: { id: user.id }, data: { email } });
  const organizationId = await defaultOrganizationId();
  const conflictId = newId();
  await prisma().dutyConflict.create({
    data: {
      id: conflictId,
      organizationId,
      name: "Write and delete",
      description: "",
      leftKeys: ["create_invoice"],
      rightKeys: ["delete_invoice"],
    },
  });
  const condition = { kind: "email-domain", domains: [domain] };
  await aPolicy(["delete_invoice"], { effect: "allow", organizationId, condition });
  const { confirm } = await asked({ ...user, email });
  await confirm();
  const undo = await tokenMailedTo(email);
  await give(user.id, await aRole({ create_invoice: "all" }));
  expect((await undoEmailChange(undo, aRequest())).outcome).toBe("undone");
  const where = { action: "duty_conflict.violated", targetId: conflictId };
  const events = await prisma().auditEvent.findMany({ where });
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    actorId: user.id,
    organizationId,
    reason: "email_change_undone",
    after: { userId: user.id },
  });
  await prisma().dutyConflict.deleteMany();
});

test("an address that an administrator takes away keeps no such way either", async () => {
  const user = await aUser();
  const alert = await alertFor(user, user.email);
  const admin = await aCaller({ roles: ["Admin"] });
  await updateUser(admin, user.id, { email: anAddress() }, { confirmed: true });
  expect(await disownSignIn(alert, aRequest())).toEqual({ outcome: "rejected" });
});

/** While the address of the user changes, something is asked for that knew the former one. */
async function duringChange(user: TestUser, work: () => Promise<unknown>): Promise<void> {
  let working: Promise<unknown> = Promise.resolve();
  await inTransaction(async (tx) => {
    await lockUser(user.id, tx);
    working = work();
    // Long enough to look the user up, and to come to the lock.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await moveAddress(user.id, user.email, anAddress(), tx);
    await voidSignIns(user.id, tx);
  });
  await working;
}

test("a reset that is asked for while the address changes does not go to the former one (ATK-37)", async () => {
  const user = await aUser();
  await duringChange(user, () => requestPasswordReset(user.email, aRequest()));
  for (const { text } of await mailsTo(user.email)) {
    const token = /token=([\w-]+)/.exec(text)?.[1];
    if (token) expect((await inspectResetLink(token)).state).not.toBe("pending");
  }
  expect((await mailsTo(user.email)).at(-1)?.kind).toBe("no-account");
});

test("nor does a sign-in link", async () => {
  const user = await aUser();
  const flowId = await aFlow();
  const asking = { flowId, userId: user.id, email: user.email };
  await duringChange(user, () => sendEmailCode(asking, "link"));
  const tokens = (await mailsTo(user.email)).map(({ text }) => /token=([\w-]+)/.exec(text)?.[1]);
  const links = await Promise.all(tokens.map((token) => inspectEmailLink(token)));
  expect(links.filter((link) => link !== null && link.userId !== null)).toEqual([]);
  expect(await prisma().factorChallenge.count({ where: { flowId, userId: user.id } })).toBe(0);
});

const anIdentity = () => ({
  provider: "google",
  providerAccountId: newId(),
  type: "oidc",
  email: null,
  emailVerified: false,
  name: null,
});

test("what was connected since is gone after an undo, whatever the clock of this machine says (D19)", async () => {
  const user = await aUser();
  const { confirm } = await asked(user);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 5 * 60_000 });
  await inTransaction((tx) => attachIdentity(user.id, anIdentity(), tx));
  await someRecoveryCodes(user.id);
  vi.useRealTimers();
  await confirm();
  await undoEmailChange(await tokenMailedTo(user.email), aRequest());
  expect(await prisma().account.count({ where: { userId: user.id } })).toBe(0);
  expect(await prisma().recoveryCode.count({ where: { userId: user.id } })).toBe(0);
});
