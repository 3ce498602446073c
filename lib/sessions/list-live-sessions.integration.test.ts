import { beforeAll, expect, test } from "vitest";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { createSession } from "@/lib/sessions/create-session";
import { findKnownDevice } from "@/lib/sessions/known-device";
import { listLiveSessions, listSessionsOf } from "@/lib/sessions/list-live-sessions";
import { purgeSessions } from "@/lib/sessions/purge-sessions";
import { encodeCursor } from "@/lib/shared/cursor";
import { anInstance, aRequest, aSession, aUser } from "@/tests/support/builders";

let organizationId: string;

beforeAll(async () => {
  await anInstance();
  const instance = await prisma().instance.findUniqueOrThrow({ where: { id: 1 } });
  organizationId = instance.defaultOrganizationId;
});

const daysAgo = (count: number) => new Date(Date.now() - count * 86_400_000);

async function page(userId: string, cursor?: string) {
  const result = await listLiveSessions(organizationId, { id: userId }, { cursor, limit: 2 });
  if (result.outcome !== "listed") throw new Error(result.reason);
  return result;
}

test("walking forth and back meets every live session once, newest first (F32)", async () => {
  const { id } = await aUser();
  for (let count = 0; count < 5; count += 1) await aSession(id);
  const all = (
    await prisma().session.findMany({ where: { userId: id }, orderBy: { id: "desc" } })
  ).map((session) => session.id);
  const first = await page(id);
  expect(first.previousCursor).toBeNull();
  const second = await page(id, first.nextCursor ?? "");
  const third = await page(id, second.nextCursor ?? "");
  expect(third.nextCursor).toBeNull();
  const walked = [first, second, third].flatMap(({ sessions }) => sessions.map((s) => s.id));
  expect(walked).toEqual(all);
  const back = await page(id, third.previousCursor ?? "");
  expect(back.sessions).toEqual(second.sessions);
  expect((await page(id, back.previousCursor ?? "")).sessions).toEqual(first.sessions);
});

test.each(["x", encodeCursor({ walk: "sideways", id: "x" }), encodeCursor({ id: 7 })])(
  "the cursor %j, which we never gave, is refused instead of starting over",
  async (cursor) => {
    const request = { cursor, limit: 2 };
    expect(await listLiveSessions(organizationId, {}, request)).toEqual({
      outcome: "rejected",
      reason: "unknown-cursor",
    });
  },
);

test("ended sessions, disabled users and other organizations are not listed", async () => {
  const { id } = await aUser();
  await aSession(id);
  await prisma().session.updateMany({ where: { userId: id }, data: { revokedAt: new Date() } });
  const elsewhere = await aUser();
  await aSession(elsewhere.id);
  const other = await prisma().organization.create({ data: { name: "Other", slug: `o-${id}` } });
  await prisma().session.updateMany({
    where: { userId: elsewhere.id },
    data: { organizationId: other.id },
  });
  const disabled = await aUser();
  await aSession(disabled.id);
  await prisma().user.update({ where: { id: disabled.id }, data: { status: "disabled" } });
  for (const user of [id, elsewhere.id, disabled.id]) {
    expect((await page(user)).sessions).toEqual([]);
  }
  expect(await listSessionsOf(id)).toEqual([]);
});

test("a session that ended long ago is deleted, and no other", async () => {
  const { id } = await aUser();
  const secrets = [await aSession(id), await aSession(id), await aSession(id)];
  const [revoked, expired, recent] = secrets.map((secret) => ({ tokenHash: hashSecret(secret) }));
  const set = (where: typeof revoked, data: object) =>
    prisma().session.updateMany({ where: where ?? {}, data });
  await set(revoked, { revokedAt: daysAgo(91) });
  await set(expired, { idleExpiresAt: daysAgo(91), absoluteExpiresAt: daysAgo(91) });
  await set(recent, { revokedAt: daysAgo(89) });
  expect(await purgeSessions()).toBe(2);
  expect(await prisma().session.count({ where: { userId: id } })).toBe(1);
});

test("a browser is known to those whom it signed in, and to nobody else (F118)", async () => {
  const [owner, other] = [await aUser(), await aUser()];
  const device = newSecret();
  const grant = { userId: owner.id, organizationId, acr: "test", amr: ["pwd"] };
  const open = () => inTransaction((tx) => createSession(grant, device, aRequest(), tx));
  await open();
  const known = await findKnownDevice(owner.id, hashSecret(device));
  expect(known).not.toBeNull();
  await open();
  expect(await findKnownDevice(owner.id, hashSecret(device))).toBe(known);
  expect(await findKnownDevice(other.id, hashSecret(device))).toBeNull();
});
