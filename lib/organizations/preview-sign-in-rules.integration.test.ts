import { beforeEach, expect, test } from "vitest";
import { PERMISSIONS } from "@/app/permissions";
import { AccessDenied } from "@/lib/authz/authorize";
import { previewSignInRules } from "@/lib/organizations/preview-sign-in-rules";
import { changeSignInRules, readSignInRules } from "@/lib/organizations/sign-in-rules";
import { DEFAULT_SIGN_IN_RULES, type SignInRules } from "@/lib/organizations/sign-in-rules.schema";
import { prisma } from "@/lib/platform/db/client";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { holdOf } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { aCaller, anInstance, aSession, aUser } from "@/tests/support/builders";
import { aPhone, aTotp } from "@/tests/support/factors";
import { aCallerHolding } from "@/tests/support/roles";

beforeEach(async () => {
  await anInstance();
  await prisma().signInPolicy.deleteMany();
  await prisma().user.updateMany({ data: { status: "disabled" } });
});

const SEEN = { naming: USER_PERMISSIONS.view, permissions: PERMISSIONS };

async function preview(caller: Caller, rules: Partial<SignInRules>, expectedVersion = 0) {
  const wanted = { ...DEFAULT_SIGN_IN_RULES, ...rules };
  return previewSignInRules(caller, wanted, { expectedVersion }, SEEN);
}

test("a preview of the rules says who is led to a second factor, as the saved ones then lead them", async () => {
  const caller = await aCaller({ roles: ["Admin"] });
  await aTotp(caller.principal.userId);
  const cookies = new Map<string, string>();
  for (let index = 0; index < 3; index += 1) {
    const { id, email } = await aUser();
    cookies.set(email, await aSession(id));
    if (index === 0) await aTotp(id);
  }
  const heldNow = async () => {
    const held = [];
    for (const [email, cookie] of cookies) {
      const principal = await findPrincipal(cookie);
      if (principal !== null && holdOf(principal) === "second-factor") held.push(email);
    }
    return held;
  };
  expect(await heldNow()).toEqual([]);
  const result = await preview(caller, { mfaRequired: true });
  expect(await heldNow()).toEqual([]);
  expect(await readSignInRules(caller)).toMatchObject({
    version: 0,
    rules: { mfaRequired: false },
  });

  const rules = { ...DEFAULT_SIGN_IN_RULES, mfaRequired: true };
  await changeSignInRules(caller, rules, { expectedVersion: 0, confirmed: true });
  const held = await heldNow();
  expect(held).toHaveLength(3);
  const withoutFactor = [...cookies.keys()].slice(1).sort();
  expect(result).toMatchObject({
    outcome: "previewed",
    // The author is asked as well, and has one.
    impact: {
      asked: 4,
      led: 2,
      released: 0,
      administering: 0,
      sessions: {
        fates: { "second-factor": { sessions: 4, people: 4 }, ended: { sessions: 0 } },
        own: "second-factor",
      },
      unnamed: 0,
      named: withoutFactor.map((email) => ({ email })),
    },
  });
});

test("asking in administration reaches those who administer, and nobody else", async () => {
  const caller = await aCaller({ roles: ["Admin"] });
  await aUser();
  const result = await preview(caller, { adminMfaRequired: true });
  expect(result).toMatchObject({
    impact: {
      asked: 1,
      led: 1,
      administering: 1,
      sessions: { fates: { "second-factor": { sessions: 0 } } },
      lockouts: ["second-factor"],
    },
  });
});

test("a telephone that no longer counts locks out whoever is asked for a factor and has no other", async () => {
  const caller = await aCaller({ roles: ["Admin"] });
  const role = await prisma().role.findFirstOrThrow({ where: { name: "Admin" } });
  await prisma().role.update({ where: { id: role.id }, data: { mfaRequired: true } });
  try {
    const plain = await preview(caller, {});
    expect(plain).toMatchObject({ impact: { lockouts: ["second-factor"] } });
    await aPhone(caller.principal.userId);
    expect(await preview(caller, {})).toMatchObject({ impact: { lockouts: [] } });
    const rules = { ...DEFAULT_SIGN_IN_RULES, smsAllowed: false };
    expect(await preview(caller, rules)).toMatchObject({ impact: { lockouts: ["second-factor"] } });
    expect(
      await changeSignInRules(caller, rules, { expectedVersion: 0, confirmed: false }),
    ).toMatchObject({ reason: "locks-author-out", by: "second-factor" });
  } finally {
    await prisma().role.update({ where: { id: role.id }, data: { mfaRequired: false } });
  }
});

test("rules tell the author that their own session would be over, and who has too many", async () => {
  const caller = await aCaller({ roles: ["Admin"] });
  const createdAt = new Date(Date.now() - 2 * 3_600_000);
  await prisma().session.update({
    where: { id: caller.principal.session.id },
    data: { createdAt },
  });
  await aSession(caller.principal.userId);
  const result = await preview(caller, { sessionHoursMax: 1, sessionsMax: 1 });
  expect(result).toMatchObject({
    impact: {
      sessions: { own: "ended", fates: { ended: { sessions: 1, people: 1 } } },
      beyondSessionsMax: 1,
      lockouts: [],
    },
  });
});

test("a preview of the rules is refused as a save is", async () => {
  const caller = await aCaller({ roles: ["Admin"] });
  expect(await preview(caller, {}, 3)).toEqual({ outcome: "rejected", reason: "stale" });
  await expect(preview(await aCallerHolding({ view_users: "all" }), {})).rejects.toThrow(
    AccessDenied,
  );
  const events = prisma().auditEvent.count({
    where: { action: "organization.sign_in_rules_changed", requestId: caller.request.requestId },
  });
  expect(await events).toBe(0);
});
