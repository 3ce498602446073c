import { beforeAll, expect, test } from "vitest";
import {
  cancelEmailChange,
  findOwnEmailChange,
  requestEmailChange,
} from "@/lib/authn/change-email";
import { confirmEmailChange, inspectEmailChangeLink } from "@/lib/authn/confirm-email-change";
import { confirmRegistration } from "@/lib/authn/confirm-registration";
import { register } from "@/lib/authn/register";
import { inspectResetLink, requestPasswordReset, resetPassword } from "@/lib/authn/reset-password";
import { findDeviceOf } from "@/lib/authn/sign-in-flow";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { signInWithPassword } from "@/lib/authn/sign-in-with-password";
import { inspectUndoLink, undoEmailChange } from "@/lib/authn/undo-email-change";
import { listEnrolledFactors } from "@/lib/credentials/registry";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { AssuranceInsufficient } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { updateUser } from "@/lib/users/update-user";
import {
  aCaller,
  anInstance,
  aRequest,
  aSession,
  aUser,
  callerWith,
  type TestUser,
} from "@/tests/support/builders";
import { aTotp } from "@/tests/support/factors";
import { mailsTo, tokenMailedTo } from "@/tests/support/mailbox";
import { race } from "@/tests/support/race";
import { aTicket } from "@/tests/support/tickets";

beforeAll(async () => {
  await anInstance();
});

let sequence = 0;
const anAddress = () => `new-${newId()}@example.com`;

interface Asked {
  user: TestUser;
  caller: Caller;
  cookie: string;
  to: string;
  oldToken: string;
  newToken: string;
}

async function asked(user?: TestUser, to = anAddress()): Promise<Asked> {
  const owner = user ?? (await aUser());
  const cookie = await aSession(owner.id);
  sequence += 1;
  // A network of its own: the budget of one source is not what is tested.
  const request = aRequest({ ip: `10.0.${Math.floor(sequence / 250)}.${(sequence % 250) + 1}` });
  const caller = { ...(await callerWith(cookie)), request };
  expect(await requestEmailChange(caller, to)).toEqual({ outcome: "requested" });
  const oldToken = await tokenMailedTo(caller.principal.email);
  const newToken = await tokenMailedTo(to);
  return { user: owner, caller, cookie, to, oldToken, newToken };
}

/** The address is changed; answers with the link that undoes it. */
async function changed(user?: TestUser, to?: string): Promise<Asked & { undoToken: string }> {
  const change = await asked(user, to);
  const from = change.caller.principal.email;
  await confirmEmailChange(change.oldToken, null, aRequest());
  const last = await confirmEmailChange(change.newToken, change.user.id, aRequest());
  expect(last).toEqual({ outcome: "changed" });
  return { ...change, undoToken: await tokenMailedTo(from) };
}

const addressOf = async (id: string) =>
  (await prisma().user.findUniqueOrThrow({ where: { id } })).email;

const eventsOf = async (id: string) =>
  (await prisma().auditEvent.findMany({ where: { targetId: id }, orderBy: { id: "asc" } }))
    .map(({ action }) => action)
    .filter((action) => action.startsWith("user.email_change"));

const signUp = async (email: string) => {
  const browserSecret = newSecret();
  const password = "seven unlikely parrots";
  await register({ email, name: null, password, browserSecret }, aRequest());
  const token = await tokenMailedTo(email);
  return confirmRegistration(token, { browserSecret, password: undefined }, aRequest());
};

for (const order of ["old first", "new first"] as const) {
  test(`the address changes once both mailboxes have confirmed, ${order} (F106)`, async () => {
    const { user, to, oldToken, newToken } = await asked();
    const links = order === "old first" ? [oldToken, newToken] : [newToken, oldToken];
    for (const token of [...links, ...links]) {
      expect((await inspectEmailChangeLink(token, user.id)).state).toBe("pending");
    }
    expect(await confirmEmailChange(links[0], user.id, aRequest())).toEqual({ outcome: "waiting" });
    expect(await addressOf(user.id)).toBe(user.email);
    expect(await confirmEmailChange(links[1], user.id, aRequest())).toEqual({ outcome: "changed" });
    expect(await addressOf(user.id)).toBe(to);
    for (const token of links) {
      expect(await inspectEmailChangeLink(token, user.id)).toEqual({ state: "used" });
    }
    expect(await eventsOf(user.id)).toEqual([
      "user.email_change_requested",
      "user.email_change_confirmed",
      "user.email_change_confirmed",
      "user.email_changed",
    ]);
    expect((await mailsTo(user.email)).at(-1)?.kind).toBe("email-changed");
  });
}

test("of 50 parallel confirmations of both sides one changes the address, and one undo link is mailed", async () => {
  const { user, oldToken, newToken } = await asked();
  const results = await race(50, (index) =>
    confirmEmailChange(index % 2 === 0 ? oldToken : newToken, user.id, aRequest()),
  );
  const count = (outcome: string) => results.filter((result) => result.outcome === outcome).length;
  expect([count("waiting"), count("changed"), count("rejected")]).toEqual([1, 1, 48]);
  const undos = (await mailsTo(user.email)).filter(({ kind }) => kind === "email-changed");
  expect(undos).toHaveLength(1);
});

test("whoever has not proven lately who they are asks for no other address (F22)", async () => {
  const caller = await aCaller();
  const { session } = caller.principal;
  const stale = new Date(Date.now() - 11 * 60_000);
  const old = { ...caller.principal, session: { ...session, authTime: stale } };
  const refusal = requestEmailChange({ ...caller, principal: old }, anAddress());
  await expect(refusal).rejects.toThrow(AssuranceInsufficient);
});

test("an address that somebody has is answered alike, told by mail, and never given (ATK-38)", async () => {
  const other = await aUser();
  const user = await aUser();
  const caller = await callerWith(await aSession(user.id));
  expect(await requestEmailChange(caller, other.email)).toEqual({ outcome: "requested" });
  expect(await findOwnEmailChange(caller)).toMatchObject({
    newEmail: other.email,
    oldConfirmed: false,
    newConfirmed: false,
  });
  const [mail] = await mailsTo(other.email);
  expect(mail?.subject).toBe("This address has an account already");
  expect(mail?.text).not.toContain("confirm-email-change");
  const oldToken = await tokenMailedTo(user.email);
  expect(await confirmEmailChange(oldToken, null, aRequest())).toEqual({ outcome: "waiting" });
  expect(await addressOf(user.id)).toBe(user.email);
});

test("an address that somebody got meanwhile is not taken from them", async () => {
  const { user, caller, to, oldToken, newToken } = await asked();
  await confirmEmailChange(oldToken, null, aRequest());
  expect((await signUp(to)).outcome).toBe("confirmed");
  expect(await confirmEmailChange(newToken, user.id, aRequest())).toEqual({
    outcome: "rejected",
    reason: "address-taken",
  });
  expect(await addressOf(user.id)).toBe(user.email);
  expect(await findOwnEmailChange(caller)).toBeNull();
});

test("of parallel requests one waits, and an earlier one's links are worth nothing", async () => {
  const first = await asked();
  const second = await asked(first.user);
  expect(await inspectEmailChangeLink(first.newToken, first.user.id)).toEqual({ state: "used" });
  await race(3, () => requestEmailChange(second.caller, anAddress()));
  const waiting = { userId: first.user.id, endedAt: null };
  expect(await prisma().emailChange.count({ where: waiting })).toBe(1);
  expect((await requestEmailChange(second.caller, anAddress())).outcome).toBe("limited");
});

const endings: Record<string, (asked: Asked) => Promise<unknown>> = {
  "its owner cancels it": ({ caller }) => cancelEmailChange(caller),
  "the password is reset (ATK-15, unexpired change of address)": async ({ user }) => {
    await requestPasswordReset(user.email, aRequest());
    await resetPassword(await tokenMailedTo(user.email), "twelve purple anvils", aRequest());
  },
  "the user is disabled and enabled again": async ({ user }) => {
    const admin = await aCaller({ roles: ["Admin"] });
    await updateUser(admin, user.id, { status: "disabled" }, { confirmed: true });
    await updateUser(admin, user.id, { status: "active" }, { confirmed: true });
  },
  "an administrator gives another address": async ({ user }) => {
    const admin = await aCaller({ roles: ["Admin"] });
    await updateUser(admin, user.id, { email: anAddress() }, { confirmed: true });
  },
};
for (const [reason, end] of Object.entries(endings)) {
  test(`a change that waits is over when ${reason}`, async () => {
    const change = await asked();
    await confirmEmailChange(change.oldToken, null, aRequest());
    await end(change);
    const before = await addressOf(change.user.id);
    expect(await confirmEmailChange(change.newToken, change.user.id, aRequest())).toEqual({
      outcome: "rejected",
      reason: "spent",
    });
    expect(await addressOf(change.user.id)).toBe(before);
    expect(await findOwnEmailChange(change.caller)).toBeNull();
  });
}

test("a stranger's wish is not confirmed by the owner of the address (ATK-15, trojan identifier)", async () => {
  const { user, oldToken, newToken } = await asked();
  await confirmEmailChange(oldToken, null, aRequest());
  const victim = await aUser();
  for (const signedInAs of [null, victim.id]) {
    expect(await inspectEmailChangeLink(newToken, signedInAs)).toEqual({ state: "elsewhere" });
    expect(await confirmEmailChange(newToken, signedInAs, aRequest())).toEqual({
      outcome: "rejected",
      reason: "elsewhere",
    });
  }
  expect(await addressOf(user.id)).toBe(user.email);
});

test("an undo leaves no browser known but the one that it is done on (F106)", async () => {
  const { user, undoToken } = await changed();
  const [own, thief] = [newSecret(), newSecret()];
  for (const deviceSecret of [own, thief]) {
    const ticket = await aTicket({ userId: user.id, acr: "test", amr: ["pwd"] });
    await redeemSignInTicket(ticket, { deviceSecret, sessionSecret: undefined }, aRequest());
  }
  expect((await undoEmailChange(undoToken, aRequest(), own)).outcome).toBe("undone");
  expect(await findDeviceOf(user.id, own)).not.toBeNull();
  expect(await findDeviceOf(user.id, thief)).toBeNull();
});

test("links of one kind pass for no other, and nonsense for none (ATK-37)", async () => {
  const { undoToken, oldToken } = await changed();
  expect(await inspectEmailChangeLink(undoToken, null)).toEqual({ state: "unknown" });
  expect(await inspectUndoLink(oldToken)).toEqual({ state: "unknown" });
  expect(await inspectResetLink(undoToken)).toEqual({ state: "unknown" });
  for (const nonsense of [undefined, "", 7, newSecret()]) {
    expect((await confirmEmailChange(nonsense, null, aRequest())).outcome).toBe("rejected");
    expect((await undoEmailChange(nonsense, aRequest())).outcome).toBe("rejected");
  }
});

test("the undo link takes the account back, once, even for 50 parallel clicks", async () => {
  const { user, cookie, to, undoToken } = await changed();
  await aTotp(user.id);
  await prisma().account.create({
    data: { userId: user.id, type: "oidc", provider: "google", providerAccountId: newId() },
  });
  await requestPasswordReset(to, aRequest());
  const theirReset = await tokenMailedTo(to);
  for (let look = 0; look < 3; look += 1) {
    expect(await inspectUndoLink(undoToken)).toEqual({ state: "pending", oldEmail: user.email });
  }
  const results = await race(50, () => undoEmailChange(undoToken, aRequest()));
  expect(results.filter(({ outcome }) => outcome === "undone")).toHaveLength(1);
  expect(await addressOf(user.id)).toBe(user.email);
  expect(await findPrincipal(cookie)).toBeNull();
  expect(await listEnrolledFactors(user.id)).not.toContain("totp");
  expect(await prisma().account.count({ where: { userId: user.id } })).toBe(0);
  expect(await inspectResetLink(theirReset)).toEqual({ state: "used" });
  expect(await inspectResetLink(await tokenMailedTo(user.email))).toMatchObject({
    state: "pending",
    email: user.email,
  });
  expect((await eventsOf(user.id)).at(-1)).toBe("user.email_change_undone");
});

test("a password that the thief chose opens nothing after the undo", async () => {
  const { user, to, undoToken } = await changed();
  await requestPasswordReset(to, aRequest());
  const chosen = "nineteen yellow kettles";
  await resetPassword(await tokenMailedTo(to), chosen, aRequest());
  expect((await undoEmailChange(undoToken, aRequest())).outcome).toBe("undone");
  const attempt = await signInWithPassword(user.email, chosen, undefined, aRequest());
  expect(attempt.outcome).toBe("rejected");
});

test("an undo wins over later changes and their undo links, also when they race it", async () => {
  const first = await changed();
  const { user } = first;
  const second = await changed(user);
  const waiting = await asked(user);
  await confirmEmailChange(waiting.oldToken, null, aRequest());
  const results = await race(30, async (index) => {
    if (index % 3 === 0) return (await undoEmailChange(first.undoToken, aRequest())).outcome;
    if (index % 3 === 1) return (await undoEmailChange(second.undoToken, aRequest())).outcome;
    return (await confirmEmailChange(waiting.newToken, user.id, aRequest())).outcome;
  });
  expect(results).toContain("undone");
  expect(await addressOf(user.id)).toBe(user.email);
  expect(await inspectUndoLink(second.undoToken)).toEqual({ state: "used" });
});

test("a former address is nobody else's while it can be taken back, however it is asked for", async () => {
  const { user, undoToken } = await changed();
  expect((await signUp(user.email)).outcome).toBe("rejected");
  const admin = await aCaller({ roles: ["Admin"] });
  const other = await aUser();
  const taken = { outcome: "rejected", reason: "address-taken" };
  const given = await updateUser(admin, other.id, { email: user.email }, { confirmed: true });
  expect(given).toEqual(taken);
  const wish = await callerWith(await aSession(other.id));
  await requestEmailChange(wish, user.email);
  expect((await mailsTo(user.email)).at(-1)?.subject).toBe("This address has an account already");
  await prisma().emailChange.updateMany({
    where: { userId: user.id },
    data: { undoExpiresAt: new Date(Date.now() - 1_000) },
  });
  expect(await inspectUndoLink(undoToken)).toEqual({ state: "expired" });
  expect((await undoEmailChange(undoToken, aRequest())).outcome).toBe("rejected");
  expect((await signUp(user.email)).outcome).toBe("confirmed");
});

test("a sign-up that races the change does not get the former address", async () => {
  for (let round = 0; round < 5; round += 1) {
    const { user, oldToken, newToken } = await asked();
    await confirmEmailChange(oldToken, null, aRequest());
    const browserSecret = newSecret();
    const token = newSecret();
    await prisma().registration.createMany({
      data: {
        email: user.email,
        passwordHash: "none",
        tokenHash: hashSecret(token),
        browserHash: hashSecret(browserSecret),
        expiresAt: new Date(Date.now() + 60_000),
      },
    });
    const [change, signedUp] = await Promise.all([
      confirmEmailChange(newToken, user.id, aRequest()),
      confirmRegistration(token, { browserSecret, password: undefined }, aRequest()),
    ]);
    expect([change.outcome, signedUp.outcome]).toEqual(["changed", "rejected"]);
  }
});

test("an administrator's change is not undone by a link", async () => {
  const { user, undoToken } = await changed();
  const admin = await aCaller({ roles: ["Admin"] });
  const given = anAddress();
  await updateUser(admin, user.id, { email: given }, { confirmed: true });
  expect((await undoEmailChange(undoToken, aRequest())).outcome).toBe("rejected");
  expect(await addressOf(user.id)).toBe(given);
});

test("an undo opens no disabled account", async () => {
  const { user, undoToken } = await changed();
  await prisma().user.update({ where: { id: user.id }, data: { status: "disabled" } });
  expect((await undoEmailChange(undoToken, aRequest())).outcome).toBe("undone");
  const { status, email } = await prisma().user.findUniqueOrThrow({ where: { id: user.id } });
  expect([status, email]).toEqual(["disabled", user.email]);
  expect((await mailsTo(user.email)).at(-1)?.kind).toBe("email-changed");
});
