import { beforeAll, describe, expect, test } from "vitest";
import { recordChange, recordEvent } from "@/lib/audit/record-event";
import { sealEvents, sealEverything } from "@/lib/audit-chain/seal-events";
import { streamAuditEvents } from "@/lib/audit-log/stream-audit-events";
import type { StreamedEvent } from "@/lib/audit-log/streamed-event";
import { AccessDenied } from "@/lib/authz/authorize";
import { prisma } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";
import { encodeCursor } from "@/lib/shared/cursor";
import { send } from "@/tests/support/api";
import { someEvents } from "@/tests/support/audit";
import { aCaller, aRequest, aSession, aUser } from "@/tests/support/builders";
import { race } from "@/tests/support/race";
import { aForeignHolder } from "@/tests/support/strangers";

const EVENT = { outcome: "success", actor: { type: "system" } } as const;
let admin: Caller;

beforeAll(async () => {
  admin = await aCaller({ roles: ["Admin"] });
});

async function read(caller: Caller, after: string | undefined, limit = 1_000) {
  const result = await streamAuditEvents(caller, { after, limit });
  return result.outcome === "read" ? result : expect.unreachable(result.reason);
}

/** Where the stream ends now. */
async function endNow(): Promise<string> {
  await sealEverything();
  let at = await read(admin, undefined);
  while (at.more) at = await read(admin, at.nextCursor);
  return at.nextCursor;
}

/** Everything up to the end, a few at a time. */
async function readOn(caller: Caller, after: string, limit: number): Promise<StreamedEvent[]> {
  const page = await read(caller, after, limit);
  return page.more
    ? [...page.events, ...(await readOn(caller, page.nextCursor, limit))]
    : page.events;
}

describe("the stream of the audit log (F113)", () => {
  test("readers that crash and go on get each committed event once, in one order, while 20 writers write and roll back", async () => {
    const start = await endNow();
    const state = { writing: true };
    const writers = race(20, async (index) => {
      for (let turn = 0; turn < 8; turn += 1) {
        await inTransaction(async (tx) => {
          await recordEvent({ ...EVENT, action: `streamed.by_${index}` }, aRequest(), tx);
          if (turn % 3 === 1) throw new Error("taken back");
        }).catch((error: Error) => {
          if (error.message !== "taken back") throw error;
        });
      }
    });
    const sealer = (async () => {
      while (state.writing) await sealEvents();
    })();
    const readers = race(3, async (reader) => {
      const kept: string[] = [];
      let cursor = start;
      for (let round = 0; ; round += 1) {
        const done = !state.writing;
        const page = await read(admin, cursor, 7);
        // A crash in the middle of an answer: what came after the last kept event was never seen.
        const crashes = (round + reader) % 2 === 0;
        const seen = crashes ? page.events.slice(0, 3) : page.events;
        kept.push(...seen.map(({ id }) => id));
        cursor = (crashes ? seen.at(-1)?.cursor : page.nextCursor) ?? cursor;
        if (done && !page.more && page.events.length === 0) return kept;
      }
    });
    await writers;
    await sealEverything();
    state.writing = false;
    await sealer;
    const [one, ...others] = await readers;
    const events = await prisma().auditEvent.findMany({
      where: { action: { startsWith: "streamed.by" } },
      select: { id: true },
    });
    expect(events).toHaveLength(20 * 5);
    expect([...(one ?? [])].sort()).toEqual(events.map(({ id }) => id).sort());
    for (const other of others) expect(other).toEqual(one);
  });

  test("an event that commits late comes last, and is not skipped", async () => {
    const start = await endNow();
    let early = "";
    const late = await inTransaction(async (tx) => {
      const id = await recordEvent({ ...EVENT, action: "streamed.late" }, aRequest(), tx);
      [early = ""] = await someEvents(1);
      await sealEverything();
      expect((await read(admin, start)).events.map((event) => event.id)).toEqual([early]);
      return id;
    });
    await sealEverything();
    expect((await read(admin, start)).events.map(({ id }) => id)).toEqual([early, late]);
  });

  test("a place that this log never told is refused", async () => {
    await sealEverything();
    for (const after of ["x", "", encodeCursor({ seq: "-1" }), encodeCursor({ seq: "99999999" })]) {
      expect(await streamAuditEvents(admin, { after, limit: 1 })).toEqual({
        outcome: "rejected",
        reason: "unknown-cursor",
      });
    }
  });

  test("who reads in one organization gets what was done there, and goes on past all else (F81)", async () => {
    const auditor = await aForeignHolder("view_audit_log");
    const start = await endNow();
    const done = (caller: Caller) =>
      inTransaction((tx) =>
        recordChange({ ...caller, request: aRequest() }, { action: "streamed.here" }, tx),
      );
    const first = await done(auditor);
    await someEvents(5);
    await done(await aCaller({ roles: ["Admin"] }));
    const second = await done(auditor);
    await sealEverything();
    const page = await read(auditor, start, 1);
    expect(page.events.map(({ id }) => id)).toEqual([first]);
    expect((await readOn(auditor, start, 1)).map(({ id }) => id)).toEqual([first, second]);
    const end = await endNow();
    expect(await read(auditor, end)).toEqual({
      outcome: "read",
      events: [],
      nextCursor: end,
      more: false,
    });
  });

  test("it is for whoever may view the log", async () => {
    await expect(
      streamAuditEvents(await aCaller({ roles: ["Manager"] }), { limit: 1 }),
    ).rejects.toThrow(AccessDenied);
  });
});

test("the API tells it as JSON, or a line for each event, with where to go on", async () => {
  const session = await aSession((await aUser({ roles: ["Admin"] })).id);
  const after = await endNow();
  const [first = "", second = ""] = await someEvents(2);
  await sealEverything();
  const path = `/api/v1/audit-events/stream?after=${after}&limit=2`;
  const json = await send(session, "GET", path);
  expect(json.body).toMatchObject({ items: [{ id: first }, { id: second }] });
  const lines = await send(session, "GET", path, undefined, {
    accept: "application/x-ndjson, */*;q=0.1",
  });
  expect(lines.headers["content-type"]).toBe("application/x-ndjson; charset=utf-8");
  expect(lines.headers["link"]).toBe(
    `</api/v1/audit-events/stream?after=${json.body.nextCursor}&limit=2>; rel="next"`,
  );
  const read = String(lines.body).trimEnd().split("\n");
  expect(read.map((line) => JSON.parse(line) as unknown)).toEqual(json.body.items);
});

test("the list as it is filtered is a file, and no name in it is a formula", async () => {
  const session = await aSession((await aUser({ roles: ["Admin"] })).id);
  const id = await inTransaction((tx) =>
    recordEvent({ ...EVENT, action: "filed.once", reason: "=1+1" }, aRequest(), tx),
  );
  const reply = await send(session, "GET", "/api/v1/audit-events.csv?action=filed.once");
  expect(reply.headers["content-type"]).toBe("text/csv; charset=utf-8");
  const [header, row, ...rest] = String(reply.body).trimEnd().split("\r\n");
  expect(header).toContain('"id","at","action"');
  expect(row).toContain(`"${id}"`);
  expect(row).toContain(`"'=1+1"`);
  expect(rest).toEqual([]);
});
