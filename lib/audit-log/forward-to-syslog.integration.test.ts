import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sealEverything } from "@/lib/audit-chain/seal-events";
import { forwardToSyslog } from "@/lib/audit-log/forward-to-syslog";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { sendSyslog } from "@/lib/platform/syslog/send-syslog";
import { someEvents } from "@/tests/support/audit";
import { race } from "@/tests/support/race";
import { aSyslogCollector, type SyslogCollector } from "@/tests/support/syslog-collector";

let collector: SyslogCollector;

beforeEach(async () => {
  collector = await aSyslogCollector();
  aimAt(collector.port);
  await prisma().auditSink.deleteMany();
});
afterEach(() => collector.close());

const aimAt = (port: number) =>
  vi.spyOn(getConfig(), "audit", "get").mockReturnValue({
    retentionSeconds: null,
    syslog: { tls: false, host: "127.0.0.1", port },
  });

const seqOf = (message: string) => Number(/ seq="(\d+)"/.exec(message)?.[1]);
const seqs = () => collector.messages.map(seqOf);

async function seals(count: number): Promise<number[]> {
  const ids = await someEvents(count);
  await sealEverything();
  const links = await prisma().auditLink.findMany({
    where: { eventId: { in: ids } },
    orderBy: { seq: "asc" },
  });
  return links.map(({ seq }) => Number(seq));
}

const everySeq = async () =>
  (await prisma().auditLink.findMany({ orderBy: { seq: "asc" } })).map(({ seq }) => Number(seq));

/** As when the time of waiting is over. */
const waitOut = () => prisma().auditSink.updateMany({ data: { heldUntil: new Date(0) } });

test("of many instances, one sends: every event once, in the order of the log (F113)", async () => {
  await seals(40);
  await race(5, () => forwardToSyslog());
  await waitOut();
  await forwardToSyslog();
  expect(seqs()).toEqual(await everySeq());
  const [more = 0] = await seals(1);
  await forwardToSyslog();
  expect(seqs().at(-1)).toBe(more);
  expect(JSON.parse(collector.messages.at(-1)?.split("\u{feff}")[1] ?? "")).toMatchObject({
    action: "thing.done",
    reason: "reason 0",
  });
});

test("a crash after sending and before that is kept sends again, with the same ids, and skips nothing", async () => {
  await seals(3);
  await forwardToSyslog();
  const fresh = await seals(5);
  collector.messages.length = 0;
  await forwardToSyslog(async (...args) => {
    await sendSyslog(...args);
    throw new Error("crashed");
  });
  expect(seqs()).toEqual(fresh);
  expect(await forwardToSyslog()).toBe(0);
  await waitOut();
  await forwardToSyslog();
  expect(seqs()).toEqual([...fresh, ...fresh]);
});

test("while the collector is down it is asked ever less often, and then told everything in order (FLT-31)", async () => {
  await seals(1);
  await forwardToSyslog();
  collector.messages.length = 0;
  const { port } = collector;
  await collector.close();
  const fresh = await seals(5);
  const waits: number[] = [];
  for (let attempt = 0; attempt < 9; attempt += 1) {
    expect(await forwardToSyslog()).toBe(0);
    const { heldUntil } = await prisma().auditSink.findFirstOrThrow();
    waits.push(Math.round((heldUntil.getTime() - Date.now()) / 1_000));
    // Nobody asks before that.
    expect(await forwardToSyslog()).toBe(0);
    await waitOut();
  }
  expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 600, 600]);
  collector = await aSyslogCollector({ port });
  expect(await forwardToSyslog()).toBe(5);
  expect(seqs()).toEqual(fresh);
  expect(await prisma().auditSink.findFirstOrThrow()).toMatchObject({ failures: 0, holder: null });
});

test("whoever has lost the right to send while sending keeps nothing of it", async () => {
  const fresh = await seals(2);
  await forwardToSyslog(async () => {
    await prisma().auditSink.updateMany({ data: { holder: null } });
  });
  await waitOut();
  await forwardToSyslog();
  expect(seqs()).toEqual(expect.arrayContaining(fresh));
});
