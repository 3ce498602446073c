import { beforeAll, expect, test } from "vitest";
import { enrolTotp, findOwnPendingTotp, startTotp } from "@/lib/authn/own-factors";
import { describeOwnPhone, enrolPhone, startPhone } from "@/lib/authn/own-phone";
import { requestPasswordReset, resetPassword } from "@/lib/authn/reset-password";
import { listEnrolledFactors } from "@/lib/credentials/registry";
import { prisma } from "@/lib/platform/db/client";
import { revokeOwnSession } from "@/lib/sessions/revoke-sessions";
import type { Caller } from "@/lib/shared/caller";
import {
  anInstance,
  aRequest,
  aSession,
  aUser,
  callerWith,
  type TestUser,
} from "@/tests/support/builders";
import { aNumber, anAddress, totpCode } from "@/tests/support/factors";
import { codeTextedTo, mailsTo, tokenMailedTo } from "@/tests/support/mailbox";

// Factors that wait for their first code, and whoever finds them waiting (INV-2).

beforeAll(async () => {
  await anInstance();
});

const callerIn = async (cookie: string): Promise<Caller> => ({
  ...(await callerWith(cookie)),
  request: aRequest({ ip: anAddress() }),
});

async function twoSessions() {
  const user = await aUser();
  const [own, other] = [await aSession(user.id), await aSession(user.id)];
  return { user, own: await callerIn(own), other: await callerIn(other) };
}

async function reset(user: TestUser): Promise<Caller> {
  await requestPasswordReset(user.email, aRequest({ ip: anAddress() }));
  const link = await tokenMailedTo(user.email);
  const changed = await resetPassword(link, "an entirely different phrase", aRequest());
  expect(changed.outcome).toBe("changed");
  return callerIn(await aSession(user.id));
}

const startedTotp = async (caller: Caller) => (await startTotp(caller))?.text ?? "";
const pendingNumber = async (caller: Caller) => (await describeOwnPhone(caller)).pending;

test("an authenticator app that waits is shown to the session that began it, and put into use by no other (ATK-49)", async () => {
  const { user, own, other } = await twoSessions();
  const text = await startedTotp(own);
  expect((await findOwnPendingTotp(own))?.text).toBe(text);
  expect(await findOwnPendingTotp(other)).toBeNull();
  expect(await enrolTotp(other, totpCode(text))).toBeNull();
  expect(await listEnrolledFactors(user.id)).not.toContain("totp");
  expect((await enrolTotp(own, totpCode(text)))?.outcome).toBe("changed");
  expect(await findOwnPendingTotp(own)).toBeNull();
});

test("a key that a thief has made does not wait for its owner behind a reset (ATK-49)", async () => {
  const { user, own: thief } = await twoSessions();
  const text = await startedTotp(thief);
  const owner = await reset(user);
  expect(await findOwnPendingTotp(owner)).toBeNull();
  expect(await enrolTotp(owner, totpCode(text))).toBeNull();
  const row = await prisma().totpCredential.findUniqueOrThrow({ where: { userId: user.id } });
  expect([row.pendingSecret, row.pendingSessionId, row.pendingUntil]).toEqual([null, null, null]);
});

test("an authenticator app waits for ten minutes", async () => {
  const { user, own } = await twoSessions();
  const text = await startedTotp(own);
  const where = { userId: user.id };
  const { pendingUntil } = await prisma().totpCredential.findUniqueOrThrow({ where });
  const waits = (pendingUntil?.getTime() ?? 0) - Date.now();
  expect(waits).toBeGreaterThan(540_000);
  expect(waits).toBeLessThanOrEqual(601_000);
  await prisma().totpCredential.update({ where, data: { pendingUntil: new Date(0) } });
  expect(await findOwnPendingTotp(own)).toBeNull();
  expect(await enrolTotp(own, totpCode(text))).toBeNull();
});

test("a telephone that waits is shown to the session that began it, and put into use by no other (ATK-49)", async () => {
  const { own, other } = await twoSessions();
  const number = aNumber();
  expect(await startPhone(own, number)).toEqual({ outcome: "asked" });
  expect(await pendingNumber(own)).not.toBeNull();
  expect(await pendingNumber(other)).toBeNull();
  const code = await codeTextedTo(number);
  expect(await enrolPhone(other, code)).toEqual({ outcome: "rejected", reason: "spent" });
  expect((await enrolPhone(own, code)).outcome).toBe("changed");
  expect(await pendingNumber(own)).toBeNull();
});

test("a number that a thief has given does not wait for its owner behind a reset (ATK-49)", async () => {
  const { user, own: thief } = await twoSessions();
  const number = aNumber();
  await startPhone(thief, number);
  const owner = await reset(user);
  expect(await pendingNumber(owner)).toBeNull();
  expect((await enrolPhone(owner, await codeTextedTo(number))).outcome).toBe("rejected");
  const row = await prisma().phoneCredential.findUniqueOrThrow({ where: { userId: user.id } });
  expect([row.pendingNumber, row.pendingSessionId, row.pendingUntil]).toEqual([null, null, null]);
});

test("a session that has ended meanwhile leaves nothing waiting, and sends nothing (INV-2)", async () => {
  const { user, own, other: ended } = await twoSessions();
  await revokeOwnSession(own, ended.principal.session.id);
  const number = aNumber();
  expect(await startTotp(ended)).toBeNull();
  expect(await startPhone(ended, number)).toEqual({ outcome: "unavailable" });
  expect(await prisma().totpCredential.count({ where: { userId: user.id } })).toBe(0);
  expect(await prisma().phoneCredential.count({ where: { userId: user.id } })).toBe(0);
  expect(await mailsTo(number)).toEqual([]);
});
