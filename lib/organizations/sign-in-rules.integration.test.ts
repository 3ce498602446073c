import { beforeAll, beforeEach, expect, test } from "vitest";
import { PERMISSIONS } from "@/app/permissions";
import { changePassword } from "@/lib/authn/change-password";
import { requestPasswordReset, resetPassword } from "@/lib/authn/reset-password";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { AccessDenied, authorize } from "@/lib/authz/authorize";
import { changeSignInRules, readSignInRules } from "@/lib/organizations/sign-in-rules";
import { DEFAULT_SIGN_IN_RULES, type SignInRules } from "@/lib/organizations/sign-in-rules.schema";
import { hashSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { countBeyondSessions } from "@/lib/sessions/foresee-sessions";
import { raiseSession } from "@/lib/sessions/raise-session";
import { AAL1, AAL2, AssuranceInsufficient, holdOf } from "@/lib/shared/assurance";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import {
  aCaller,
  anInstance,
  aRequest,
  aSession,
  aUser,
  callerWith,
} from "@/tests/support/builders";
import { aTotp } from "@/tests/support/factors";
import { tokenMailedTo } from "@/tests/support/mailbox";
import {
  anOrganization,
  aSessionIn,
  defaultOrganizationId,
  join,
} from "@/tests/support/organizations";
import { race } from "@/tests/support/race";
import { aTicket } from "@/tests/support/tickets";

beforeAll(async () => {
  await anInstance();
});

beforeEach(async () => {
  await prisma().signInPolicy.deleteMany();
});

const save = async (rules: Partial<SignInRules>, confirmed = true) => {
  const administrator = await aCaller({ roles: ["Admin"] });
  const { version } = await readSignInRules(administrator);
  const terms = { expectedVersion: version, confirmed };
  return changeSignInRules(administrator, { ...DEFAULT_SIGN_IN_RULES, ...rules }, terms);
};

const principalOf = async (cookie: string) => {
  const principal = await findPrincipal(cookie);
  if (principal === null) throw new Error("the session is not alive");
  return principal;
};

test("nobody without the permission reads or changes the rules", async () => {
  const caller = await aCaller({ roles: ["User"] });
  await expect(readSignInRules(caller)).rejects.toThrow(AccessDenied);
  const change = changeSignInRules(caller, DEFAULT_SIGN_IN_RULES, {
    expectedVersion: 0,
    confirmed: true,
  });
  await expect(change).rejects.toThrow(AccessDenied);
  expect(PERMISSIONS.map(({ key }) => key)).toContain("manage_sign_in_rules");
});

test("of ten changes that read the same rules one is saved, with its event", async () => {
  const administrator = await aCaller({ roles: ["Admin"] });
  const results = await race(10, (index) =>
    changeSignInRules(
      administrator,
      { ...DEFAULT_SIGN_IN_RULES, trustedDeviceDays: index },
      { expectedVersion: 0, confirmed: true },
    ),
  );
  expect(results.filter(({ outcome }) => outcome === "changed")).toHaveLength(1);
  const action = "organization.sign_in_rules_changed";
  const { userId } = administrator.principal;
  expect(await prisma().auditEvent.count({ where: { action, actorId: userId } })).toBe(1);
});

test("a second factor for everybody holds those who have none, from the next request (F20)", async () => {
  const cookie = await aSession((await aUser()).id);
  expect(holdOf(await principalOf(cookie))).toBeNull();
  expect(await save({ mfaRequired: true }, false)).toEqual({
    outcome: "rejected",
    reason: "locks-author-out",
    by: "second-factor",
  });
  expect((await save({ mfaRequired: true })).outcome).toBe("changed");
  const principal = await principalOf(cookie);
  expect(holdOf(principal)).toBe("second-factor");
  await prisma().session.update({ where: { id: principal.session.id }, data: { acr: AAL2 } });
  expect(holdOf(await principalOf(cookie))).toBeNull();
});

test("a role that asks for one holds whoever has it, while they have it", async () => {
  const user = await aUser({ roles: ["Manager"] });
  const cookie = await aSession(user.id);
  const role = { where: { name: "Manager", organizationId: null } };
  await prisma().role.updateMany({ ...role, data: { mfaRequired: true } });
  expect(holdOf(await principalOf(cookie))).toBe("second-factor");
  await prisma().userRole.updateMany({
    where: { userId: user.id },
    data: { expiresAt: new Date(Date.now() - 1_000) },
  });
  expect(holdOf(await principalOf(cookie))).toBeNull();
  await prisma().role.updateMany({ ...role, data: { mfaRequired: false } });
});

test("administration asks for it on a trusted device too, and nothing else does", async () => {
  const administrator = await aCaller({ roles: ["Admin"] });
  await save({ adminMfaRequired: true });
  const cookie = await aSession(administrator.principal.userId);
  const caller = await callerWith(cookie);
  expect(holdOf(caller.principal)).toBeNull();
  await expect(authorize(caller, USER_PERMISSIONS.view)).rejects.toThrow(AssuranceInsufficient);
  await prisma().session.update({
    where: { id: caller.principal.session.id },
    data: { acr: AAL2 },
  });
  await authorize(await callerWith(cookie), USER_PERMISSIONS.view);
});

const aged = (
  cookie: string,
  data: Partial<Record<"createdAt" | "lastSeenAt" | "authTime", number>>,
) =>
  prisma().session.updateMany({
    where: { tokenHash: hashSecret(cookie) },
    data: Object.fromEntries(
      Object.entries(data).map(([name, minutesAgo]) => [
        name,
        new Date(Date.now() - minutesAgo * 60_000),
      ]),
    ),
  });

test.each([
  ["aal2", 24 * 60, 60],
  ["aal3", 12 * 60, 15],
] as const)(
  "at %s a session is over after %i minutes, and held after %i idle ones (NIST-16)",
  async (sessionLevel, overall, idle) => {
    await save({ sessionLevel });
    const cookie = await aSession((await aUser()).id);
    await aged(cookie, { createdAt: overall - 1, lastSeenAt: idle - 1, authTime: idle + 1 });
    expect(holdOf(await principalOf(cookie))).toBeNull();
    // The request before was a use of it.
    await aged(cookie, { authTime: idle + 1 });
    expect(holdOf(await principalOf(cookie))).toBeNull();

    await aged(cookie, { lastSeenAt: idle + 1 });
    expect(holdOf(await principalOf(cookie))).toBe("idle");
    // Being held is no use of it.
    const held = await principalOf(cookie);
    expect(holdOf(held)).toBe("idle");
    const raised = await inTransaction((tx) =>
      raiseSession(
        { userId: held.userId, sessionId: held.session.id, acr: AAL1, amr: ["pwd"] },
        aRequest(),
        tx,
      ),
    );
    expect(holdOf(await principalOf(raised ?? ""))).toBeNull();

    await aged(raised ?? "", { createdAt: overall + 1 });
    expect(await findPrincipal(raised ?? "")).toBeNull();
  },
);

test("AAL1 ends sessions after 30 days and asks nobody in between; without a level nothing changes", async () => {
  const cookie = await aSession((await aUser()).id);
  await aged(cookie, { createdAt: 31 * 24 * 60, lastSeenAt: 6 * 24 * 60, authTime: 31 * 24 * 60 });
  expect(holdOf(await principalOf(cookie))).toBeNull();
  await aged(cookie, { createdAt: 29 * 24 * 60, lastSeenAt: 6 * 24 * 60 });
  await save({ sessionLevel: "aal1" });
  expect(holdOf(await principalOf(cookie))).toBeNull();
  await aged(cookie, { createdAt: 30 * 24 * 60 + 1 });
  expect(await findPrincipal(cookie)).toBeNull();
});

test("a session that began under a level does not come back when the level goes (INV-2)", async () => {
  await save({ sessionLevel: "aal3" });
  const user = await aUser();
  const ticket = await aTicket({ userId: user.id, acr: AAL1, amr: ["pwd"] });
  const browser = { deviceSecret: undefined, sessionSecret: undefined };
  await redeemSignInTicket(ticket, browser, aRequest());
  const [session] = await prisma().session.findMany({ where: { userId: user.id } });
  const lifetime =
    (session?.absoluteExpiresAt.getTime() ?? 0) - (session?.createdAt.getTime() ?? 0);
  expect(lifetime).toBe(12 * 3_600_000);
});

test("of sign-ins beyond the limit the oldest end, also when they come at once (F34)", async () => {
  await save({ sessionsMax: 2 });
  const user = await aUser();
  const signIn = async () => {
    const ticket = await aTicket({ userId: user.id, acr: AAL1, amr: ["pwd"] });
    const browser = { deviceSecret: undefined, sessionSecret: undefined };
    return (await redeemSignInTicket(ticket, browser, aRequest()))?.sessionSecret ?? "";
  };
  const [first, second, third] = [await signIn(), await signIn(), await signIn()];
  expect(await findPrincipal(first)).toBeNull();
  expect(await findPrincipal(second)).not.toBeNull();
  expect(await findPrincipal(third)).not.toBeNull();
  await race(12, signIn);
  const live = { where: { userId: user.id, revokedAt: null } };
  expect(await prisma().session.count(live)).toBe(2);
  expect(
    await prisma().auditEvent.count({ where: { reason: "limit_reached", outcome: "success" } }),
  ).toBe(13);
});

test("the limit of one organization counts and ends no session in another (F34)", async () => {
  await save({ sessionsMax: 1 });
  const user = await aUser();
  const { id: elsewhere } = await anOrganization();
  await join(user.id, elsewhere);
  const here = await defaultOrganizationId();
  const before = await countBeyondSessions(here, 1);
  const there = [await aSessionIn(user.id, elsewhere), await aSessionIn(user.id, elsewhere)];
  expect(await countBeyondSessions(here, 1)).toBe(before);
  expect(await countBeyondSessions(elsewhere, 1)).toBe(1);
  const ticket = await aTicket({ userId: user.id, acr: AAL1, amr: ["pwd"] });
  const browser = { deviceSecret: undefined, sessionSecret: undefined };
  const opened = (await redeemSignInTicket(ticket, browser, aRequest()))?.sessionSecret ?? "";
  for (const secret of [opened, ...there]) expect(await findPrincipal(secret)).not.toBeNull();
});

test("an expired password holds its user until another is chosen (F15)", async () => {
  await save({ passwordMaxAgeDays: 30 });
  const user = await aUser();
  const cookie = await aSession(user.id);
  expect(holdOf(await principalOf(cookie))).toBeNull();
  await prisma().passwordCredential.update({
    where: { userId: user.id },
    data: { changedAt: new Date(Date.now() - 31 * 86_400_000) },
  });
  expect(holdOf(await principalOf(cookie))).toBe("password");
  const caller = await callerWith(cookie);
  const changed = await changePassword(caller, user.password, "marble otter in the rain");
  expect(changed.outcome).toBe("changed");
  expect(holdOf(await principalOf(cookie))).toBeNull();
});

test("a remembered password does not come back, by change or by reset (F15)", async () => {
  await save({ passwordHistory: 2 });
  const user = await aUser();
  const cookie = await aSession(user.id);
  const change = async (from: string, to: string) =>
    changePassword(await callerWith(cookie), from, to);
  const [one, two, three] = [user.password, "marble otter in the rain", "quiet harbour lamp post"];
  expect((await change(one, two)).outcome).toBe("changed");
  expect(await change(two, two)).toMatchObject({ reason: "reused" });
  expect(await change(two, one)).toMatchObject({ reason: "reused" });
  expect((await change(two, three)).outcome).toBe("changed");

  await requestPasswordReset(user.email, aRequest());
  const token = await tokenMailedTo(user.email);
  expect(await resetPassword(token, two, aRequest())).toMatchObject({ reason: "reused" });
  expect((await resetPassword(token, one, aRequest())).outcome).toBe("changed");
});

test("a second factor that a rule asks for is not given up", async () => {
  const { forgetTotp } = await import("@/lib/authn/own-factors");
  await save({ mfaRequired: true });
  const user = await aUser();
  await aTotp(user.id);
  const cookie = await aSession(user.id);
  await prisma().session.updateMany({ where: { userId: user.id }, data: { acr: AAL2 } });
  expect(await forgetTotp(await callerWith(cookie))).toEqual({
    outcome: "rejected",
    reason: "required",
  });
  expect(await prisma().totpCredential.count({ where: { userId: user.id } })).toBe(1);
});
