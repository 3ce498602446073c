import { beforeAll, expect, test, vi } from "vitest";
import { eraseUserFromAudit } from "@/lib/audit-chain/erase-user";
import { listHolds, placeHold, releaseHold } from "@/lib/audit-chain/holds";
import { pruneEvents } from "@/lib/audit-chain/prune-events";
import { sealEverything } from "@/lib/audit-chain/seal-events";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { days } from "@/lib/shared/duration";
import { findingsNow, someEvents, tamper } from "@/tests/support/audit";
import { aRequest } from "@/tests/support/builders";

const [held, other] = [newId(), newId()];
const daysAgo = (count: number) => new Date(Date.now() - days(count) * 1000);

async function events(
  count: number,
  { at = new Date(), actorId = null as string | null, targetId = null as string | null },
): Promise<string[]> {
  const data = Array.from({ length: count }, () => ({
    id: newId(),
    at,
    action: "thing.done",
    outcome: "success" as const,
    requestId: "x",
    actorType: actorId === null ? "anonymous" : "user",
    actorId,
    ip: "192.0.2.1",
    targetType: targetId && "user",
    targetId,
    userAgent: "Browser",
    reason: "told by them",
    after: { email: "somebody@example.com" },
  }));
  await prisma().auditEvent.createMany({ data });
  await sealEverything();
  return data.map(({ id }) => id);
}

const left = async (ids: string[]) => prisma().auditEvent.count({ where: { id: { in: ids } } });

beforeAll(() => {
  vi.spyOn(getConfig(), "audit", "get").mockReturnValue({
    retentionSeconds: days(100),
    syslog: null,
  });
});

test("what is older than it is kept goes, held or newer stays, and the chain is whole (F114)", async () => {
  await someEvents(2);
  expect(await placeHold(held, "case 7", aRequest())).toBe(true);
  expect(await placeHold(held, "again", aRequest())).toBe(false);
  expect(await listHolds()).toMatchObject([{ userId: held, reason: "case 7" }]);
  const late = await events(1, { at: daysAgo(1) });
  const blocked = await events(3, { at: daysAgo(101) });
  // Newer ones come first in the chain: what is behind them waits until their time is over, too.
  expect(await pruneEvents()).toBe(0);
  expect(await left(blocked)).toBe(3);

  const now = new Date(Date.now() + days(101) * 1000);
  const [byHeld, toHeld] = [
    await events(2, { actorId: held }),
    await events(2, { targetId: held }),
  ];
  const others = await events(3, { actorId: other });
  const young = await events(1, { at: new Date(now.getTime() - days(1) * 1000) });
  expect(await pruneEvents(now)).toBeGreaterThanOrEqual(7);
  expect(await left([...late, ...blocked, ...others])).toBe(0);
  expect(await left([...byHeld, ...toHeld, ...young])).toBe(5);
  await sealEverything();
  expect(await findingsNow()).toEqual([]);
  expect(await prisma().auditEvent.count({ where: { action: "audit.pruned" } })).toBe(1);
  expect(await pruneEvents(now)).toBe(0);

  // Somebody takes what is held, and says that it was pruned.
  const [id = ""] = byHeld;
  await tamper(
    `CREATE TABLE kept AS SELECT * FROM audit_events WHERE id = '${id}'`,
    `DELETE FROM audit_events WHERE id = '${id}'`,
  );
  expect(await findingsNow()).toMatchObject([{ kind: "deleted", eventId: id }]);
  await tamper("INSERT INTO audit_events SELECT * FROM kept", "DROP TABLE kept");

  expect(await releaseHold(held, "closed", aRequest())).toBe(true);
  expect(await releaseHold(held, "closed", aRequest())).toBe(false);
  expect(await pruneEvents(now)).toBeGreaterThanOrEqual(4);
  expect(await left([...byHeld, ...toHeld])).toBe(0);
  await sealEverything();
  expect(await findingsNow()).toEqual([]);
});

test("nothing is pruned while no time is set", async () => {
  const old = await events(2, { at: daysAgo(9_000) });
  vi.spyOn(getConfig(), "audit", "get").mockReturnValue({ retentionSeconds: null, syslog: null });
  expect(await pruneEvents()).toBe(0);
  expect(await left(old)).toBe(2);
});

test("whoever is erased takes nothing along of what somebody did or met who is held (F109, F114)", async () => {
  const [gone, watched] = [newId(), newId()];
  await placeHold(watched, "case 8", aRequest());
  const kept = [
    ...(await events(1, { actorId: watched, targetId: gone })),
    ...(await events(1, { actorId: gone, targetId: watched })),
  ];
  const erased = await events(1, { actorId: gone, targetId: gone });
  expect(await eraseUserFromAudit(gone, "asked", aRequest())).toEqual({ outcome: "erased" });
  const whole = { ip: { not: null }, reason: { not: null } };
  const count = (ids: string[]) =>
    prisma().auditEvent.count({ where: { id: { in: ids }, ...whole } });
  expect([await count(kept), await count(erased)]).toEqual([2, 0]);
  await releaseHold(watched, "over", aRequest());
});

test("a user is erased: nothing personal is left, everything else is, and the chain is whole (F109)", async () => {
  const user = newId();
  const byThem = await events(3, { actorId: user });
  const toThem = await events(3, { actorId: other, targetId: user });
  const failed = await events(1, { targetId: user });
  await placeHold(user, "case 8", aRequest());
  expect(await eraseUserFromAudit(user, "asked", aRequest())).toEqual({ outcome: "held" });
  expect((await prisma().auditEvent.findUnique({ where: { id: byThem[0] ?? "" } }))?.ip).not.toBe(
    null,
  );
  await releaseHold(user, "over", aRequest());
  expect(await eraseUserFromAudit(user, "asked", aRequest())).toEqual({ outcome: "erased" });
  expect(await eraseUserFromAudit(user, "asked again", aRequest())).toEqual({ outcome: "erased" });
  const rows = await prisma().auditEvent.findMany({
    where: { id: { in: [...byThem, ...toThem, ...failed] } },
    orderBy: { id: "asc" },
  });
  const [gone, kept] = [null, "192.0.2.1"];
  expect(rows.map(({ ip }) => ip)).toEqual([gone, gone, gone, kept, kept, kept, gone]);
  // What they did to others is the others'; what was done to them is theirs.
  expect(rows.map(({ after }) => after !== null)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
  expect(rows.map(({ actorId }) => actorId)).toEqual([user, user, user, other, other, other, null]);
  await sealEverything();
  expect(await findingsNow()).toEqual([]);
});
