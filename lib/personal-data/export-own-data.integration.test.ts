import { beforeAll, expect, test } from "vitest";
import { exportOwnData } from "@/lib/personal-data/export-own-data";
import type { Column } from "@/lib/personal-data/personal-table";
import { TABLES_OF_PEOPLE } from "@/lib/personal-data/personal-tables";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { AssuranceInsufficient, TokenInsufficient } from "@/lib/shared/assurance";
import { asSuperuser } from "@/tests/support/audit";
import { aCaller, anInstance, aRequest, aSession, aUser } from "@/tests/support/builders";
import { callApi } from "@/tests/support/call-api";
import {
  insertEverywhere,
  listColumns,
  rowOf,
  type Somebody,
  somebody,
} from "@/tests/support/personal-rows";
import { unzip } from "@/tests/support/unzip";

let anna: Somebody;
let bert: Somebody;
let files: Record<string, string>;
let all: string;

/** Of somebody who has done things to somebody else. */
async function eventsOf(one: Somebody, other: Somebody): Promise<void> {
  const columns = (await listColumns()).filter(({ table }) => table === "audit_events");
  const said = (text: string) => ({ before: { text }, after: { text }, reason: text });
  const done = { target_id: other.id, ...said(`${other.label}: what was done to them`) };
  const failed = { actor_id: null, actor_type: "anonymous" };
  const acted = {
    subject_id: other.id,
    target_type: "invoice",
    target_id: newId(),
    before: null,
    after: null,
    reason: null,
  };
  await asSuperuser(
    rowOf(columns, one, other, done),
    rowOf(columns, one, other, failed),
    rowOf(columns, one, other, acted),
  );
}

beforeAll(async () => {
  await anInstance();
  const { defaultOrganizationId } = await prisma().instance.findUniqueOrThrow({ where: { id: 1 } });
  anna = somebody("anna", defaultOrganizationId);
  bert = somebody("bert", defaultOrganizationId);
  await insertEverywhere(anna, bert);
  await insertEverywhere(bert, anna);
  await eventsOf(anna, bert);
  await eventsOf(bert, anna);
  files = await copyOf(anna);
  all = Object.values(files).join("\n");
});

async function copyOf(of: Somebody): Promise<Record<string, string>> {
  const cookie = await aSession(of.id);
  await prisma().session.updateMany({
    where: { userId: of.id },
    data: { acr: "urn:gatehouse:aal2", amr: ["pwd", "otp", "mfa"] },
  });
  const reply = await callApi({ method: "GET", path: "/api/v1/account/data", cookie });
  expect(reply.status).toBe(200);
  expect(reply.headers).toMatchObject({
    "content-type": "application/zip",
    "cache-control": "private, no-store",
  });
  expect(reply.headers["content-disposition"]).toMatch(/^attachment; filename="my-data-.*\.zip"$/);
  return unzip(reply.bytes);
}

test("it has a file for each table that holds people, with what is shown of their rows (F108)", () => {
  const manifest = JSON.parse(files["manifest.json"] ?? "{}") as {
    tables: { table: string; rows: number; withheld: Record<string, string> }[];
  };
  expect(manifest.tables.map(({ table }) => table).toSorted()).toEqual(
    Object.keys(TABLES_OF_PEOPLE).toSorted(),
  );
  for (const [name, { columns }] of Object.entries(TABLES_OF_PEOPLE)) {
    const rows = JSON.parse(files[`tables/${name}.json`] ?? "null") as Record<string, unknown>[];
    expect([name, rows.length]).not.toEqual([name, 0]);
    expect(manifest.tables.find(({ table }) => table === name)?.rows).toBe(rows.length);
    const kinds = Object.entries<Column>(columns);
    const isShown = (kind: Column) => kind === "shown" || typeof kind === "object";
    expect(Object.keys(rows[0] ?? {}).toSorted()).toEqual(
      kinds
        .filter(([, kind]) => isShown(kind))
        .map(([column]) => column)
        .toSorted(),
    );
    expect(files["README.txt"]).toContain(`tables/${name}.json`);
  }
  for (const text of [anna.id, anna.email, anna.name, anna.phone, "anna:sessions.ip"]) {
    expect(all).toContain(text);
  }
});

test("it has nothing of anybody else: no id, no address, no name, nothing of their rows (F108, ATK-43)", () => {
  for (const text of [bert.id, bert.email, bert.name, bert.phone, bert.session, "bert:"]) {
    expect(all).not.toContain(text);
  }
  // What they did to others is told without whom and what.
  const events = JSON.parse(files["tables/audit_events.json"] ?? "[]") as Record<string, unknown>[];
  expect(
    events.filter(({ actor_id, target_id }) => actor_id !== null && target_id === null),
  ).toEqual([
    expect.objectContaining({
      before: null,
      after: null,
      reason: null,
      ip: "anna:audit_events.ip",
    }),
  ]);
});

test("what somebody did in their place is there, without who it was and from where (F101, F108)", () => {
  const events = JSON.parse(files["tables/audit_events.json"] ?? "[]") as Record<string, unknown>[];
  expect(events.filter(({ subject_id }) => subject_id !== null)).toEqual([
    expect.objectContaining({
      subject_id: anna.id,
      actor_id: null,
      target_type: "invoice",
      ip: null,
      user_agent: null,
    }),
  ]);
});

test("it has no secret, not even hashed, and says of each column why it is not there (F108)", () => {
  for (const [name, { columns }] of Object.entries(TABLES_OF_PEOPLE)) {
    for (const [column, kind] of Object.entries<Column>(columns)) {
      if (kind !== "secret" && kind !== "internal") continue;
      const text = `anna:${name}.${column}`;
      expect(all).not.toContain(text);
      expect(all).not.toContain(Buffer.from(text).toString("base64").slice(0, -3));
      expect(files["manifest.json"]).toContain(`"${column}": "${kind}"`);
    }
  }
});

test("two copies at once have what is each one's own", async () => {
  const [ofAnna, ofBert] = await Promise.all([copyOf(anna), copyOf(bert)]);
  expect(Object.values(ofBert).join()).not.toContain("anna:");
  expect(Object.values(ofAnna).join()).not.toContain("bert:");
  expect(Object.values(ofBert).join()).toContain("bert:sessions.ip");
});

test("it takes a fresh proof by somebody who is there themselves, and is on record (F22, F108)", async () => {
  const caller = await aCaller();
  const { principal } = caller;
  const old = { ...principal.session, authTime: new Date(Date.now() - 3_600_000) };
  await expect(
    exportOwnData({ ...caller, principal: { ...principal, session: old } }),
  ).rejects.toThrow(AssuranceInsufficient);
  for (const means of ["app", "personal-token", "service"] as const) {
    await expect(exportOwnData({ ...caller, principal: { ...principal, means } })).rejects.toThrow(
      TokenInsufficient,
    );
  }
  const where = { action: "user.data_exported", actorId: principal.userId };
  expect(await prisma().auditEvent.count({ where })).toBe(0);
  expect((await exportOwnData({ ...caller, request: aRequest() })).outcome).toBe("exporting");
  expect(await prisma().auditEvent.count({ where })).toBe(1);
});

test("a browser that has to prove more is led there and back, and a program is told", async () => {
  const { id } = await aUser();
  const cookie = await aSession(id);
  await prisma().session.updateMany({
    where: { userId: id },
    data: { authTime: new Date(Date.now() - 3_600_000) },
  });
  const call = { method: "GET", path: "/api/v1/account/data", cookie };
  expect((await callApi(call)).status).toBe(401);
  const led = await callApi({ ...call, headers: { "sec-fetch-dest": "document" } });
  expect([led.status, led.headers["location"]]).toEqual([
    303,
    "/challenge?for=step-up&returnTo=%2Faccount%2Fdata",
  ]);
});

test("another site that sends somebody there makes them take none", async () => {
  const cookie = await aSession((await aUser()).id);
  const call = { method: "GET", path: "/api/v1/account/data", cookie };
  const navigation = { "sec-fetch-dest": "document", "sec-fetch-site": "cross-site" };
  const sent = await callApi({ ...call, headers: navigation });
  expect([sent.status, sent.headers["location"]]).toEqual([303, "/account/data"]);
  const own = { ...navigation, "sec-fetch-site": "same-origin" };
  expect((await callApi({ ...call, headers: own })).status).toBe(200);
});

test("one that is given up half-way holds nothing, and copies are counted (F117)", async () => {
  const caller = await aCaller();
  for (let copy = 0; copy < 10; copy += 1) {
    const result = await exportOwnData(caller);
    if (result.outcome !== "exporting") throw new Error("limited too early");
    await result.tables.next();
    await result.tables.return(undefined);
  }
  expect(await exportOwnData(caller)).toMatchObject({ outcome: "limited" });
  const [{ open }] = await prisma().$queryRaw<[{ open: bigint }]>`
    SELECT count(*) AS open FROM pg_stat_activity
     WHERE datname = current_database() AND state LIKE 'idle in transaction%'`;
  expect(open).toBe(0n);
});
