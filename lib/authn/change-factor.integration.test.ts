import { beforeAll, describe, expect, test } from "vitest";
import { changeFactor } from "@/lib/authn/change-factor";
import { enrolTotp, forgetTotp, regenerateRecoveryCodes, startTotp } from "@/lib/authn/own-factors";
import { resetFactors } from "@/lib/authn/reset-factors";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { AccessDenied } from "@/lib/authz/authorize";
import { listEnrolledFactors } from "@/lib/credentials/registry";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { AAL2, AssuranceInsufficient } from "@/lib/shared/assurance";
import {
  aCaller,
  anInstance,
  aRequest,
  aSession,
  aUser,
  callerWith,
} from "@/tests/support/builders";
import { aTotp, someRecoveryCodes, totpCode } from "@/tests/support/factors";
import { mailsTo } from "@/tests/support/mailbox";
import { race } from "@/tests/support/race";
import { aCallerHolding, aRole, aUserHolding, give } from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";

beforeAll(async () => {
  await anInstance();
});

/** Somebody who has proven everything they have just now. */
async function aStrongCaller(userId: string) {
  const cookie = await aSession(userId);
  const { principal } = await callerWith(cookie);
  await prisma().session.update({ where: { id: principal.session.id }, data: { acr: AAL2 } });
  return callerWith(cookie);
}

const age = (userId: string, seconds: number) =>
  prisma().session.updateMany({
    where: { userId },
    data: { authTime: new Date(Date.now() - seconds * 1000) },
  });

describe("one's own factors (ATK-49)", () => {
  test("an authenticator app is none before its first code, and raises the session (F17)", async () => {
    const user = await aUser();
    const caller = await callerWith(await aSession(user.id));
    const text = (await startTotp(caller))?.text ?? "";
    expect(await listEnrolledFactors(user.id)).not.toContain("totp");
    const row = await prisma().totpCredential.findUniqueOrThrow({ where: { userId: user.id } });
    expect(Buffer.from(row.pendingSecret ?? []).toString("latin1")).not.toContain(text);
    expect(await enrolTotp(caller, "000000")).toBeNull();

    const result = await enrolTotp(caller, totpCode(text));
    if (result?.outcome !== "changed" || result.ticket === null) throw new Error("not enrolled");
    expect(await listEnrolledFactors(user.id)).toContain("totp");
    const browser = { deviceSecret: undefined, sessionSecret: undefined };
    const redeemed = await redeemSignInTicket(result.ticket, browser, aRequest());
    const principal = await findPrincipal(redeemed?.sessionSecret);
    expect(principal?.session).toMatchObject({ id: caller.principal.session.id, acr: AAL2 });
    expect((await mailsTo(user.email)).at(-1)?.subject).toBe("An authenticator app was added");
  });

  test("the first second factor ends the trust of devices that never saw one (F21)", async () => {
    const user = await aUser();
    const trustedUntil = new Date(Date.now() + 86_400_000);
    const trust = () =>
      prisma().device.create({
        data: { userId: user.id, tokenHash: hashSecret(newSecret()), trustedUntil },
      });
    const trusted = () =>
      prisma().device.count({ where: { userId: user.id, trustedUntil: { not: null } } });
    await trust();
    const caller = await callerWith(await aSession(user.id));
    const text = (await startTotp(caller))?.text ?? "";
    expect(await enrolTotp(caller, "000000")).toBeNull();
    expect(await trusted()).toBe(1);
    await enrolTotp(caller, totpCode(text));
    expect(await trusted()).toBe(0);
    // Another one is no reason: the device has seen the first.
    await trust();
    const stronger = await aStrongCaller(user.id);
    await changeFactor(stronger, { factor: "passkey", change: "added" }, async () => true);
    expect(await trusted()).toBe(1);
  });

  test("a proof that is too old changes nothing", async () => {
    const user = await aUser();
    const cookie = await aSession(user.id);
    await age(user.id, 601);
    const caller = await callerWith(cookie);
    await expect(startTotp(caller)).rejects.toThrow(AssuranceInsufficient);
    await expect(regenerateRecoveryCodes(caller)).rejects.toThrow(AssuranceInsufficient);
    expect(await prisma().recoveryCode.count({ where: { userId: user.id } })).toBe(0);
  });

  test("a password alone takes no second factor away (ATK-33)", async () => {
    const user = await aUser();
    await aTotp(user.id);
    const caller = await callerWith(await aSession(user.id));
    await expect(forgetTotp(caller)).rejects.toThrow(AssuranceInsufficient);
    expect(await listEnrolledFactors(user.id)).toContain("totp");
  });

  test("what goes is told by mail and recorded, in the same transaction", async () => {
    const user = await aUser();
    await aTotp(user.id);
    const caller = await aStrongCaller(user.id);
    const results = await race(10, () => forgetTotp(caller));
    expect(results.filter((result) => result?.outcome === "changed")).toHaveLength(1);
    const events = await prisma().auditEvent.findMany({
      where: { targetId: user.id, action: "factor.removed" },
    });
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ after: { factor: "totp" } });
    expect(await mailsTo(user.email)).toHaveLength(1);
  });

  test("the last way in is not given up", async () => {
    const user = await aUser();
    await aTotp(user.id);
    await prisma().passwordCredential.delete({ where: { userId: user.id } });
    const caller = await aStrongCaller(user.id);
    expect(await forgetTotp(caller)).toEqual({ outcome: "rejected", reason: "last-way-in" });
    expect(await listEnrolledFactors(user.id)).toContain("totp");
    expect(await mailsTo(user.email)).toEqual([]);
  });

  test("new recovery codes end the old ones (F19)", async () => {
    const user = await aUser();
    await aTotp(user.id);
    const old = await someRecoveryCodes(user.id);
    const result = await regenerateRecoveryCodes(await aStrongCaller(user.id));
    if (result?.outcome !== "changed") throw new Error("no codes");
    expect(new Set(result.value).size).toBe(10);
    expect(result.value).not.toContain(old[0]);
    const rows = await prisma().recoveryCode.findMany({ where: { userId: user.id } });
    expect(rows).toHaveLength(10);
    for (const { hash } of rows) expect(hash).toMatch(/^\$argon2id\$/);
  });
});

describe("an administrator's reset (F24)", () => {
  test("takes every factor, session and trusted device, with a reason and a mail", async () => {
    const user = await aUser();
    await aTotp(user.id);
    await someRecoveryCodes(user.id);
    const cookie = await aSession(user.id);
    const administrator = await aCaller({ roles: ["Admin"] });
    const result = await resetFactors(administrator, user.id, "lost their phone");
    expect(result).toMatchObject({ outcome: "reset", endedSessions: 1 });
    expect(await listEnrolledFactors(user.id)).toEqual(["password", "email-code"]);
    expect(await findPrincipal(cookie)).toBeNull();
    const event = await prisma().auditEvent.findFirstOrThrow({
      where: { targetId: user.id, action: "user.factors_reset" },
    });
    expect(event).toMatchObject({ reason: "lost their phone" });
    expect((await mailsTo(user.email)).map(({ subject }) => subject)).toEqual([
      "Your second factors were removed",
    ]);
  });

  test("is for nobody's own factors, and not without the permission", async () => {
    const administrator = await aCaller({ roles: ["Admin"] });
    const { userId } = administrator.principal;
    expect(await resetFactors(administrator, userId, "because")).toEqual({
      outcome: "rejected",
      reason: "self",
    });
    const user = await aUser();
    const caller = await aCaller({ roles: ["Manager"] });
    await expect(resetFactors(caller, user.id, "because")).rejects.toThrow(AccessDenied);
  });

  test("is for nobody above, wherever they are it; what they have stays (ATK-42)", async () => {
    const helper = await aCallerHolding({ reset_factors: "all" });
    const organization = await prisma().organization.create({
      data: { id: newId(), slug: `elsewhere-${newId().slice(-12)}`, name: "Elsewhere" },
    });
    const here = await aUserHolding({ reset_factors: "all", view_audit_log: "all" });
    const elsewhere = await aUserHolding({ reset_factors: "all" });
    const role = await aRole({ view_audit_log: "all" });
    await give(elsewhere.id, role, { organizationId: organization.id });
    for (const above of [here, elsewhere]) {
      await aTotp(above.id);
      const cookie = await aSession(above.id);
      expect(await resetFactors(helper, above.id, "said they lost it")).toEqual({
        outcome: "rejected",
        reason: "beyond-own-permissions",
        missing: ["view_audit_log"],
        decisionId: expect.any(String) as string,
      });
      expect(await listEnrolledFactors(above.id)).toContain("totp");
      expect(await findPrincipal(cookie)).not.toBeNull();
      expect(await mailsTo(above.email)).toEqual([]);
    }
    const equal = await aUserHolding({ reset_factors: "all" });
    await aTotp(equal.id);
    expect((await resetFactors(helper, equal.id, "lost it")).outcome).toBe("reset");
  });

  test("is for nobody of another organization: they do not exist (ATK-43)", async () => {
    const { principal: foreigner } = await aForeignCaller([]);
    await prisma().membership.deleteMany({
      where: { userId: foreigner.userId, organizationId: { not: foreigner.organizationId } },
    });
    await aTotp(foreigner.userId);
    const administrator = await aCaller({ roles: ["Admin"] });
    expect(await resetFactors(administrator, foreigner.userId, "because")).toEqual({
      outcome: "not-found",
    });
    expect(await listEnrolledFactors(foreigner.userId)).toContain("totp");
  });
});
