import { beforeAll, expect, test } from "vitest";
import { prisma } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { endOwnSession, revokeOtherSessions } from "@/lib/sessions/revoke-sessions";
import { PASSIVE_HEADER } from "@/lib/shared/passive-request";
import { aSession, aUser, callerWith } from "@/tests/support/builders";
import { callApi } from "@/tests/support/call-api";

let userId: string;

beforeAll(async () => {
  userId = (await aUser()).id;
});

const hoursAgo = (count: number) => new Date(Date.now() - count * 3_600_000);

test("a session's secret gives its user, and the database keeps only its hash", async () => {
  const cookie = await aSession(userId);
  expect((await findPrincipal(cookie))?.userId).toBe(userId);
  const rows = await prisma().$queryRaw<
    { text: string }[]
  >`SELECT sessions::text AS text FROM sessions`;
  expect(rows.some(({ text }) => text.includes(cookie))).toBe(false);
});

test.each([undefined, "", "x", "a".repeat(43), "%00".repeat(20)])(
  "the cookie value %j is nobody",
  async (value) => {
    expect(await findPrincipal(value)).toBeNull();
  },
);

test("a session ends with its revocation, on the next look (F29)", async () => {
  const cookie = await aSession(userId);
  const caller = await callerWith(cookie);
  await inTransaction((tx) => endOwnSession(caller, tx));
  expect(await findPrincipal(cookie)).toBeNull();
});

test("ending the other sessions keeps the present one (F31)", async () => {
  const [present, other] = [await aSession(userId), await aSession(userId)];
  await revokeOtherSessions(await callerWith(present));
  expect(await findPrincipal(present)).not.toBeNull();
  expect(await findPrincipal(other)).toBeNull();
});

test.each(["idleExpiresAt", "absoluteExpiresAt"])(
  "a session ends at its %s (F33)",
  async (column) => {
    const cookie = await aSession(userId);
    const { session } = (await callerWith(cookie)).principal;
    await prisma().session.update({
      where: { id: session.id },
      data: { [column]: hoursAgo(1) },
    });
    expect(await findPrincipal(cookie)).toBeNull();
  },
);

test("use moves the idle expiry, never past the absolute one", async () => {
  const cookie = await aSession(userId);
  const { id } = (await callerWith(cookie)).principal.session;
  const absoluteExpiresAt = new Date(Date.now() + 3_600_000);
  await prisma().session.update({
    where: { id },
    data: {
      lastSeenAt: hoursAgo(1),
      idleExpiresAt: new Date(Date.now() + 60_000),
      absoluteExpiresAt,
    },
  });
  await findPrincipal(cookie);
  const session = await prisma().session.findUniqueOrThrow({ where: { id } });
  expect(session.idleExpiresAt.getTime()).toBe(absoluteExpiresAt.getTime());
  expect(session.lastSeenAt.getTime()).toBeGreaterThan(hoursAgo(0.5).getTime());
});

test("what a page asks by itself is answered, and keeps no session from ending (F33)", async () => {
  const cookie = await aSession(userId);
  const { id } = (await callerWith(cookie)).principal.session;
  const idleExpiresAt = new Date(Date.now() + 60_000);
  const data = { lastSeenAt: hoursAgo(1), idleExpiresAt };
  await prisma().session.update({ where: { id }, data });
  const asked = { method: "GET", path: "/api/v1/me", cookie };
  const passive = await callApi({ ...asked, headers: { [PASSIVE_HEADER]: "1" } });
  expect(passive.status).toBe(200);
  const untouched = await prisma().session.findUniqueOrThrow({ where: { id } });
  expect(untouched).toMatchObject(data);
  expect((await callApi(asked)).status).toBe(200);
  const used = await prisma().session.findUniqueOrThrow({ where: { id } });
  expect(used.idleExpiresAt.getTime()).toBeGreaterThan(idleExpiresAt.getTime());
});

test("a disabled user's sessions open nothing (ATK-39)", async () => {
  const user = await aUser();
  const cookie = await aSession(user.id);
  await prisma().user.update({
    where: { id: user.id },
    data: { status: "disabled" },
  });
  expect(await findPrincipal(cookie)).toBeNull();
});
