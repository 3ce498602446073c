import { beforeAll, expect, test } from "vitest";
import { CATALOGUE } from "@/app/resources";
import { listAccess } from "@/lib/decisions/list-access";
import { type Holder, type HolderListing, listHolders } from "@/lib/decisions/list-holders";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { send } from "@/tests/support/api";
import { aUser, callerWith } from "@/tests/support/builders";
import { callApi } from "@/tests/support/call-api";
import { readTables } from "@/tests/support/effective";
import { type Extent, extentsByHand, type Row } from "@/tests/support/extent-by-hand";
import { aSessionIn, join } from "@/tests/support/organizations";
import { KEYS, type Rows, removeRows, writeRandomRows } from "@/tests/support/random-rows";
import { Random } from "@/tests/support/random-world";

// The reports, counted a second time from the rows by what shares no code with them: who may do
// this, what somebody may do, and of each whether it depends on the request (F97).

const WORLDS = 12;

let reader: { id: string; roles: string[] };
const seen: Record<Extent, number> = { always: 0, depends: 0, never: 0 };

beforeAll(async () => {
  const { id } = await aUser({ roles: ["Admin"] });
  reader = { id, roles: [] };
});

interface Stage {
  rows: Rows;
  admin: Caller;
  cookie: string;
  records: Row[];
  told: string;
}

async function aStage(seed: number): Promise<Stage> {
  const random = new Random(seed);
  const rows = await writeRandomRows(random);
  await join(reader.id, rows.here);
  const cookie = await aSessionIn(reader.id, rows.here);
  const records = Array.from({ length: 3 }, () => ({
    id: newId(),
    ownerId: random.pick(rows.userIds),
    amount: random.pick([0, 499, 500, 501, 1_000_000]),
    currency: random.pick(["EUR", "USD", "JPY"]),
    customer: random.pick(["acme", "ACME", "a"]),
    status: random.pick(["draft", "sent", "paid"] as const),
  }));
  await prisma().invoice.createMany({
    data: records.map((record) => ({
      ...record,
      organizationId: rows.here,
      number: record.id,
    })),
  });
  return { rows, admin: await callerWith(cookie), cookie, records, told: `seed ${seed}` };
}

async function removeStage({ rows, records }: Stage): Promise<void> {
  await prisma().invoice.deleteMany({ where: { id: { in: records.map(({ id }) => String(id)) } } });
  await removeRows(rows);
}

async function holdersOf(admin: Caller, listing: HolderListing): Promise<Holder[]> {
  const found: Holder[] = [];
  let cursor: string | undefined;
  do {
    const page = await listHolders(admin, listing, { limit: 2, cursor }, CATALOGUE);
    if (page.outcome !== "listed") throw new Error(page.reason);
    found.push(...page.holders);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}

const sorted = (extents: Iterable<[string, string]>) => [...extents].sort();

test("who may do this, and on which requests, is what is counted by hand from the rows (F97)", async () => {
  for (let seed = 1; seed <= WORLDS; seed += 1) {
    const stage = await aStage(seed);
    const { rows, admin, records, told } = stage;
    const tables = await readTables();
    const users = [...rows.userIds, reader.id];
    const services = [rows.service];
    for (const key of KEYS) {
      for (const record of key.endsWith("_invoice") ? [null, ...records] : [null]) {
        const asked = { place: rows.here, key, record };
        for (const type of ["user", "service"] as const) {
          const listing = { permission: key, record: record && String(record["id"]), type };
          const holders = await holdersOf(admin, listing);
          const expected = extentsByHand(tables, type === "user" ? { users } : { services }, asked);
          expect(
            sorted(holders.map(({ subject, extent }) => [subject.id, extent])),
            `${told}: ${key} of ${String(record?.["id"])} by ${type}s`,
          ).toEqual(sorted(expected));
          for (const extent of expected.values()) seen[extent] += 1;
          seen.never += (type === "user" ? users : services).length - expected.size;
        }
      }
    }
    await removeStage(stage);
  }
  expect(Math.min(seen.always, seen.depends, seen.never)).toBeGreaterThan(50);
}, 240_000);

test("what somebody may do, and on which requests, is what is counted by hand from the rows (F97)", async () => {
  let depending = 0;
  for (let seed = 101; seed <= 100 + WORLDS; seed += 1) {
    const stage = await aStage(seed);
    const { rows, admin, told } = stage;
    const tables = await readTables();
    for (const id of rows.userIds) {
      const report = await listAccess(admin, { type: "user", id }, CATALOGUE);
      if (report.outcome !== "reported") throw new Error(report.reason);
      const expected = KEYS.flatMap((key): [string, string][] => {
        const asked = { place: rows.here, key, record: null };
        const extent = extentsByHand(tables, { users: [id] }, asked).get(id);
        return extent === undefined ? [] : [[key, extent]];
      });
      const reported = report.access.map(({ permission, extent }): [string, string] => [
        permission,
        extent,
      ]);
      expect(sorted(reported), `${told}: ${id}`).toEqual(sorted(expected));
      depending += expected.filter(([, extent]) => extent === "depends").length;
    }
    await removeStage(stage);
  }
  expect(depending).toBeGreaterThan(10);
}, 240_000);

/** The rows of a file whose cells are all in quotes, by the names of its header. */
function readCsv(text: string): Record<string, string>[] {
  const [header = [], ...lines] = text
    .split("\r\n")
    .filter((line) => line !== "")
    .map((line) =>
      [...line.matchAll(/"((?:[^"]|"")*)"/g)].map(([, cell = ""]) => cell.replaceAll('""', '"')),
    );
  return lines.map((cells) =>
    Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ""])),
  );
}

test("a file of a report has what its pages have, row by row (F97)", async () => {
  let compared = 0;
  for (let seed = 201; seed <= 206; seed += 1) {
    const stage = await aStage(seed);
    const { rows, cookie, records } = stage;
    const file = async (path: string) => {
      const reply = await callApi({ method: "GET", path, cookie });
      return readCsv(String(reply.body));
    };
    for (const query of KEYS.flatMap((key) => [
      `permission=${key}`,
      `permission=${key}&type=service`,
      ...(key.endsWith("_invoice")
        ? [`permission=${key}&record=${String(records[0]?.["id"])}`]
        : []),
    ])) {
      const items: Record<string, string>[] = [];
      let cursor = "";
      do {
        const path = `/api/v1/access/holders?${query}&limit=2${cursor}`;
        const { body } = await send(cookie, "GET", path);
        for (const { subject, name, extent, reach, by } of body.items) {
          const { type, id, label } = subject;
          items.push({
            type,
            id,
            subject: label,
            name: name ?? "",
            extent,
            reach,
            by: by.join("; "),
          });
        }
        cursor = body.nextCursor === null ? "" : `&cursor=${encodeURIComponent(body.nextCursor)}`;
      } while (cursor !== "");
      expect(await file(`/api/v1/access/holders.csv?${query}`), query).toEqual(items);
      compared += items.length;
    }
    for (const id of rows.userIds) {
      const { body } = await send(cookie, "GET", `/api/v1/users/${id}/access`);
      const items = body.items.flatMap(
        ({ permission, resourceType, extent, reach, paths }: Record<string, any>) =>
          paths.map(({ effect, by, condition }: Record<string, string | null>) => ({
            permission,
            "resource type": resourceType,
            extent,
            reach,
            effect,
            by,
            condition: condition ?? "",
          })),
      );
      expect(await file(`/api/v1/users/${id}/access.csv`)).toEqual(items);
      compared += items.length;
    }
    await removeStage(stage);
  }
  expect(compared).toBeGreaterThan(100);
}, 240_000);
