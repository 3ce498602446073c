import { beforeAll, describe, expect, test } from "vitest";
import { recordEvent, recordStandaloneEvent } from "@/lib/audit/record-event";
import { listPublicAuditKeys } from "@/lib/audit-chain/audit-keys";
import { describeChain } from "@/lib/audit-chain/chain-status";
import { listStatements, walkChain } from "@/lib/audit-chain/database-source";
import { exportedLine } from "@/lib/audit-chain/exported-line";
import { fileSource } from "@/lib/audit-chain/file-source";
import { rotateAuditKey } from "@/lib/audit-chain/rotate-audit-key";
import { continueChain, sealEvents, sealEverything } from "@/lib/audit-chain/seal-events";
import { signCheckpoint } from "@/lib/audit-chain/sign-checkpoint";
import { verifyChain } from "@/lib/audit-chain/verify-chain";
import { prisma } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { findingsNow, someEvents, tamper } from "@/tests/support/audit";
import { aRequest } from "@/tests/support/builders";
import { race } from "@/tests/support/race";

const EVENT = { action: "thing.done", outcome: "success", actor: { type: "system" } } as const;
const seqOf = async (eventId: string) =>
  (await prisma().auditLink.findUniqueOrThrow({ where: { eventId } })).seq;

beforeAll(async () => {
  await someEvents(3);
  await sealEverything();
});

describe("sealing (F112)", () => {
  test("of 20 writers, some of whom roll back, each committed event has one link, sealed by many at once", async () => {
    const writers = race(20, async (index) => {
      for (let turn = 0; turn < 10; turn += 1) {
        await inTransaction(async (tx) => {
          await recordEvent({ ...EVENT, action: `writer.${index}` }, aRequest(), tx);
          if (turn % 3 === 0) throw new Error("taken back");
        }).catch((error: Error) => {
          if (error.message !== "taken back") throw error;
        });
      }
    });
    const sealers = race(4, async () => {
      for (let turn = 0; turn < 20; turn += 1) await sealEvents();
    });
    await Promise.all([writers, sealers]);
    await sealEverything();
    const events = await prisma().auditEvent.findMany({
      where: { action: { startsWith: "writer" } },
    });
    expect(events).toHaveLength(20 * 6);
    expect(await prisma().auditLink.count()).toBe(await prisma().auditEvent.count());
    expect(await prisma().auditUnsealed.count()).toBe(0);
    expect(await findingsNow()).toEqual([]);
  });

  test("a change that is under way holds nobody up, and is sealed when it is committed", async () => {
    let commit: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      commit = resolve;
    });
    let id = "";
    let written: () => void = () => {};
    const begun = new Promise<void>((resolve) => {
      written = resolve;
    });
    const late = inTransaction(async (tx) => {
      id = await recordEvent(EVENT, aRequest(), tx);
      written();
      await held;
    });
    await begun;
    const [other = ""] = await someEvents(1);
    await sealEverything();
    const before = await seqOf(other);
    commit();
    await late;
    await sealEverything();
    expect(await seqOf(id)).toBe(before + 1n);
    expect(await findingsNow()).toEqual([]);
  });

  test("an id that is given twice is one event with one link", async () => {
    const [id = ""] = await someEvents(1);
    await recordStandaloneEvent({ ...EVENT, id }, aRequest());
    await sealEverything();
    await recordStandaloneEvent({ ...EVENT, id }, aRequest());
    expect(await prisma().auditUnsealed.count()).toBe(0);
    expect(await findingsNow()).toEqual([]);
  });

  test("a new key seals on, and what the former one sealed stays good", async () => {
    await rotateAuditKey(aRequest());
    await someEvents(2);
    await sealEverything();
    const used = await prisma().auditLink.groupBy({ by: ["keyId"] });
    expect(used).toHaveLength(2);
    await signCheckpoint();
    expect(await findingsNow()).toEqual([]);
  });
});

describe("somebody changes rows with the triggers off (ATK-72)", () => {
  test.each([
    ["action", "action = 'thing.left'"],
    ["at", "at = at + interval '1 millisecond'"],
    ["outcome", "outcome = 'denied'"],
    ["actor", "actor_type = 'anonymous'"],
    ["actor id", "actor_id = gen_random_uuid()"],
    ["organization", "organization_id = gen_random_uuid()"],
    ["session", "session_id = gen_random_uuid()"],
    ["client", "client_id = 'x'"],
    ["target", "target_type = 'user', target_id = 'x'"],
    ["request", "request_id = 'x'"],
    ["address", "ip = '192.0.2.99'"],
    ["browser", "user_agent = null"],
    ["reason", "reason = 'another'"],
    ["values before", `before = '{"a": 1}'`],
    ["values after", `after = '{"a": ["x", 1.5, null], "b": 99}'`],
    ["salt", "origin_salt = '\\x00'"],
  ])("an edited event is named: %s", async (_, change) => {
    const [, id = ""] = await someEvents(3);
    await sealEverything();
    const seq = String(await seqOf(id));
    await tamper(
      "CREATE TABLE kept AS TABLE audit_events",
      `UPDATE audit_events SET ${change} WHERE id = '${id}'`,
    );
    expect(await findingsNow()).toEqual([{ kind: "edited", seq, eventId: id }]);
    await tamper(
      `DELETE FROM audit_events WHERE id = '${id}'`,
      `INSERT INTO audit_events SELECT * FROM kept WHERE id = '${id}'`,
      "DROP TABLE kept",
    );
    expect(await findingsNow()).toEqual([]);
  });

  test("what looks erased without a record of it is named, also with the record of somebody else", async () => {
    const [id = ""] = await someEvents(1);
    const record = await recordStandaloneEvent(
      {
        ...EVENT,
        action: "audit.personal_data_erased",
        target: { type: "user", id: "0198f7d2-0000-7000-8000-000000000000" },
      },
      aRequest(),
    );
    await sealEverything();
    const kept = await prisma().auditEvent.findUniqueOrThrow({ where: { id } });
    const seq = String(await seqOf(id));
    const erase = "ip = null, user_agent = null, origin_salt = null";
    for (const erasedBy of ["null", `'${record}'`]) {
      await tamper(`UPDATE audit_events SET ${erase}, erased_by = ${erasedBy} WHERE id = '${id}'`);
      expect(await findingsNow()).toEqual([{ kind: "erased-without-record", seq, eventId: id }]);
    }
    const salt = Buffer.from(kept.originSalt ?? []).toString("hex");
    await tamper(
      `UPDATE audit_events SET ip = '${kept.ip}', user_agent = '${kept.userAgent}',
              origin_salt = '\\x${salt}', erased_by = null WHERE id = '${id}'`,
    );
    expect(await findingsNow()).toEqual([]);
  });

  test("deleted: the event, the event with its link, and one that was not sealed yet", async () => {
    const [, id = ""] = await someEvents(3);
    await sealEverything();
    const seq = await seqOf(id);
    await tamper(
      "CREATE TABLE kept AS TABLE audit_events",
      "CREATE TABLE kept_links AS TABLE audit_links",
      `DELETE FROM audit_events WHERE id = '${id}'`,
    );
    expect(await findingsNow()).toEqual([{ kind: "deleted", seq: String(seq), eventId: id }]);
    await tamper(`DELETE FROM audit_links WHERE event_id = '${id}'`);
    expect((await findingsNow())[0]).toMatchObject({ kind: "deleted", seq: String(seq) });
    await tamper(
      `INSERT INTO audit_events SELECT * FROM kept WHERE id = '${id}'`,
      `INSERT INTO audit_links SELECT * FROM kept_links WHERE event_id = '${id}'`,
      "DROP TABLE kept, kept_links",
    );
    const [unsealed = ""] = await someEvents(1);
    await tamper(
      `CREATE TABLE kept AS SELECT * FROM audit_events WHERE id = '${unsealed}'`,
      `DELETE FROM audit_events WHERE id = '${unsealed}'`,
    );
    await sealEverything();
    expect(await findingsNow()).toEqual([{ kind: "never-sealed", seq: null, eventId: unsealed }]);
    await tamper("INSERT INTO audit_events SELECT * FROM kept", "DROP TABLE kept");
    await sealEverything();
    expect(await findingsNow()).toEqual([]);
  });

  test("the first bad row is named, however many come after it and whatever was done to each", async () => {
    const [erased = "", gone = "", ...edited] = await someEvents(30);
    await sealEverything();
    const restore = `(SELECT * FROM kept WHERE id = ANY('{${[erased, gone, ...edited].join()}}'))`;
    await tamper(
      "CREATE TABLE kept AS TABLE audit_events",
      `UPDATE audit_events SET reason = 'another' WHERE id = ANY('{${edited.join()}}')`,
      `DELETE FROM audit_events WHERE id = '${gone}'`,
      `UPDATE audit_events SET ip = null, user_agent = null, origin_salt = null WHERE id = '${erased}'`,
    );
    const found = await findingsNow();
    expect(found.slice(0, 3).map(({ kind, eventId }) => [kind, eventId])).toEqual([
      ["erased-without-record", erased],
      ["deleted", gone],
      ["edited", edited[0]],
    ]);
    expect(found).toHaveLength(20);
    await tamper(
      `DELETE FROM audit_events WHERE id = ANY('{${[erased, ...edited].join()}}')`,
      `INSERT INTO audit_events ${restore}`,
      "DROP TABLE kept",
    );
    expect(await findingsNow()).toEqual([]);
  });

  test("written past the trigger", async () => {
    const id = "0198f7d2-0000-7000-8000-00000000aaaa";
    await tamper(
      `INSERT INTO audit_events (id, action, outcome, actor_type, request_id)
       VALUES ('${id}', 'thing.invented', 'success', 'system', 'x')`,
    );
    expect(await findingsNow()).toEqual([{ kind: "never-sealed", seq: null, eventId: id }]);
    await tamper(`DELETE FROM audit_events WHERE id = '${id}'`);
  });

  test("two links in each other's place", async () => {
    const [one = "", other = ""] = await someEvents(2);
    await sealEverything();
    const [first, second] = [await seqOf(one), await seqOf(other)];
    const swap = [
      `UPDATE audit_links SET seq = -1 WHERE seq = ${first}`,
      `UPDATE audit_links SET seq = ${first} WHERE seq = ${second}`,
      `UPDATE audit_links SET seq = ${second} WHERE seq = -1`,
    ];
    await tamper(...swap);
    expect((await findingsNow())[0]).toEqual({
      kind: "reordered",
      seq: String(first),
      eventId: other,
    });
    await tamper(...swap);
    expect(await findingsNow()).toEqual([]);
  });

  test("a chain computed anew by somebody without the key is forged, from the first link on", async () => {
    const [id = ""] = await someEvents(1);
    await sealEverything();
    const seq = await seqOf(id);
    const link = await prisma().auditLink.findUniqueOrThrow({ where: { seq } });
    const mac = Buffer.from(link.mac).toString("hex");
    await tamper(`UPDATE audit_links SET mac = sha256(digest) WHERE seq = ${seq}`);
    expect(await findingsNow()).toEqual([{ kind: "forged", seq: String(seq), eventId: id }]);
    await tamper(`UPDATE audit_links SET mac = '\\x${mac}' WHERE seq = ${seq}`);
  });
});

describe("the end is cut off", () => {
  const cut = (seq: bigint) => [
    `DELETE FROM audit_events WHERE id IN (SELECT event_id FROM audit_links WHERE seq >= ${seq})`,
    `DELETE FROM audit_links WHERE seq >= ${seq}`,
  ];

  test("also when the record of the end is moved back or taken away; sealing stops until it is told to go on, and the gap stays", async () => {
    const ids = await someEvents(4);
    await sealEverything();
    const seq = await seqOf(ids[2] ?? "");
    await tamper(...cut(seq));
    expect(await findingsNow()).toEqual([{ kind: "truncated", seq: String(seq), eventId: null }]);
    await someEvents(1);
    await expect(sealEvents()).rejects.toThrow(/not sealed any further/);
    await tamper(
      `UPDATE audit_head SET seq = ${seq - 1n},
              digest = (SELECT digest FROM audit_links WHERE seq = ${seq - 1n})`,
    );
    expect((await findingsNow())[0]).toMatchObject({ kind: "truncated", seq: String(seq) });
    await expect(sealEvents()).rejects.toThrow(/not written by this program/);
    await tamper("DELETE FROM audit_head");
    expect((await findingsNow())[0]).toMatchObject({ kind: "truncated", seq: String(seq) });
    await expect(sealEvents()).rejects.toThrow(/record of its end is gone/);
    expect((await describeChain()).broken).toMatch(/record of its end is gone/);

    await signedEarlier(seq + 1n);
    expect(await continueChain("found on Monday", aRequest())).toBe(seq + 1n);
    const [last = ""] = await someEvents(1);
    await sealEverything();
    expect(await describeChain()).toMatchObject({
      broken: null,
      waiting: 0,
      sealed: await seqOf(last),
    });
    expect(await findingsNow()).toEqual([
      { kind: "deleted", seq: String(seq), eventId: expect.any(String) },
    ]);
  });

  /** A checkpoint of the end that is gone now. */
  async function signedEarlier(seq: bigint): Promise<void> {
    await prisma().auditCheckpoint.create({ data: { seq, statement: "of then" } });
    expect((await findingsNow()).map(({ kind }) => kind)).toContain("not-signed-by-us");
    await tamper(`UPDATE audit_checkpoints SET statement = (SELECT statement FROM audit_checkpoints
                   ORDER BY seq LIMIT 1) WHERE seq = ${seq}`);
  }
});

describe("off the host", () => {
  async function exported() {
    await signCheckpoint();
    const lines: string[] = [];
    for await (const linked of walkChain()) lines.push(exportedLine(linked));
    return { lines, statements: await listStatements(), keys: await listPublicAuditKeys() };
  }
  async function kindsOf({ lines, statements, keys }: Awaited<ReturnType<typeof exported>>) {
    async function* each() {
      yield* lines;
    }
    const { findings } = await verifyChain(fileSource(each, statements, keys));
    return findings.map(({ kind }) => kind);
  }
  const gap = ["deleted"];

  test("an export is checked by public keys alone: edited, deleted, reordered, cut off", async () => {
    await someEvents(5);
    const all = await exported();
    expect(await kindsOf(all)).toEqual(gap);
    const { lines } = all;
    const last = lines.length - 1;
    const edited = lines.with(last - 1, (lines[last - 1] ?? "").replace("thing.done", "thing.won"));
    expect(await kindsOf({ ...all, lines: edited })).toEqual([...gap, "edited"]);
    expect(await kindsOf({ ...all, lines: lines.toSpliced(last - 1, 1) })).toEqual([
      ...gap,
      "deleted",
    ]);
    const swapped = lines.with(last - 1, lines[last] ?? "").with(last, lines[last - 1] ?? "");
    expect(await kindsOf({ ...all, lines: swapped })).not.toEqual(gap);
    expect(await kindsOf({ ...all, lines: lines.slice(0, -1) })).toEqual([...gap, "truncated"]);
    expect(await kindsOf({ ...all, keys: [] })).toContain("not-signed-by-us");
    await expect(kindsOf({ ...all, lines: ["{}"] })).rejects.toThrow(/Line 1/);
  });

  test("a statement that left the machine tells of a database that was wound back whole", async () => {
    const { statements } = await exported();
    const head = await prisma().auditHead.findUniqueOrThrow({ where: { id: 1 } });
    const ids = await someEvents(1);
    const later = await signCheckpoint();
    const seq = await seqOf(ids[0] ?? "");
    const digest = Buffer.from(head.digest).toString("hex");
    await tamper(
      `DELETE FROM audit_events WHERE id = '${ids[0]}'`,
      `DELETE FROM audit_links WHERE seq >= ${seq}`,
      `DELETE FROM audit_checkpoints WHERE seq >= ${seq}`,
      `UPDATE audit_head SET seq = ${head.seq}, digest = '\\x${digest}',
              mac = '\\x${Buffer.from(head.mac).toString("hex")}', key_id = '${head.keyId}'`,
    );
    expect((await findingsNow(statements)).map(({ kind }) => kind)).toEqual(gap);
    expect((await findingsNow([later?.statement ?? ""])).map(({ kind }) => kind)).toEqual([
      ...gap,
      "truncated",
    ]);
  });
});
