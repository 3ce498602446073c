import pg from "pg";
import { beforeAll, describe, expect, expectTypeOf, test, vi } from "vitest";
import { checkReplica } from "@/app/_health/replica-check";
import { readFromReplica } from "@/lib/audit/read-from-replica";
import { describeOverview } from "@/lib/audit-log/describe-overview";
import { listAuditActions, listAuditEvents } from "@/lib/audit-log/list-audit-events";
import { AccessDenied } from "@/lib/authz/authorize";
import { type Db, prisma, type ReplicaDb } from "@/lib/platform/db/client";
import { endConnections } from "@/lib/platform/db/end-connections";
import { log } from "@/lib/platform/log";
import { metricsText } from "@/lib/platform/metrics/metrics";
import { findPrincipal } from "@/lib/sessions/current-principal";
import type { Caller } from "@/lib/shared/caller";
import { countUsers, findUser, listUsers } from "@/lib/users/list-users";
import { updateUser } from "@/lib/users/update-user";
import { countEverySession, listEverySession } from "@/lib/users/user-sessions";
import { aCaller, aRequest, aSession, aUser, callerWith } from "@/tests/support/builders";
import { dropDatabase } from "@/tests/support/drop-database";

// What is called a replica here is a copy in which somebody has written what they liked: lists may show it, and
// nothing else may come of it.

const adminUrl = process.env["TEST_DATABASE_URL"] ?? "";
const copyUrl = new URL(process.env["DATABASE_URL"] ?? "");
const primaryName = copyUrl.pathname.slice(1);
const copyName = `${primaryName}_copy`;
copyUrl.pathname = `/${copyName}`;
vi.stubEnv("DATABASE_REPLICA_URL", copyUrl.href);

async function ask(url: string, sql: string, values: unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql, values);
  } finally {
    await client.end();
  }
}

const inCopy = (sql: string, values: unknown[] = []) => ask(copyUrl.href, sql, values);

let cookie: string;
let readerId: string;
let memberId: string;

beforeAll(async () => {
  const admin = await aUser({ roles: ["Admin"] });
  cookie = await aSession(admin.id);
  readerId = (await aUser({ roles: ["Admin"] })).id;
  memberId = (await aUser()).id;
  await aSession(memberId);
  // A copy takes a database that nobody is connected to.
  await endConnections();
  Reflect.deleteProperty(globalThis, "__gatehouse");
  await ask(adminUrl, `CREATE DATABASE ${copyName} TEMPLATE ${primaryName}`);
  return () => dropDatabase(adminUrl, copyName);
});

/** As a replica is told in time of what somebody has done. */
async function tellCopy({ principal }: Caller): Promise<void> {
  const own = await prisma().auditEvent.findMany({ where: { actorId: principal.userId } });
  for (const { id } of own) {
    await inCopy(
      `INSERT INTO audit_events (id, action, outcome, actor_type, request_id)
       VALUES ($1, 'session.created', 'success', 'user', 'x')`,
      [id],
    );
  }
}

/** The administrator as of now, in a request of their own. */
const again = (): Promise<Caller> => callerWith(cookie);

const PLAIN = { confirmed: false };

async function namesIn(caller: Caller): Promise<Map<string, string | null>> {
  const result = await listUsers(caller, { sort: "newest" }, { limit: 100 });
  if (result.outcome !== "listed") throw new Error(result.reason);
  return new Map(result.users.map(({ id, name }) => [id, name]));
}

async function readsCounted(): Promise<Record<string, number>> {
  const lines = (await metricsText()).matchAll(
    /^gatehouse_replica_reads_total\{outcome="(\w+)"\} (\d+)$/gm,
  );
  return Object.fromEntries([...lines].map(([, outcome = "", count]) => [outcome, Number(count)]));
}

test("users, events, sessions and figures are listed as the copy has them", async () => {
  await inCopy("UPDATE users SET name = 'Only in the copy', status = 'disabled' WHERE id = $1", [
    memberId,
  ]);
  await inCopy(
    `INSERT INTO audit_events (id, action, outcome, actor_type, request_id)
     VALUES (gen_random_uuid(), 'copy.made', 'success', 'system', 'x'),
            (gen_random_uuid(), 'session.rejected', 'failure', 'anonymous', 'x')`,
  );
  await inCopy("UPDATE sessions SET user_agent = 'Only in the copy' WHERE user_id <> $1", [
    memberId,
  ]);
  const admin = await again();
  expect((await namesIn(admin)).get(memberId)).toBe("Only in the copy");
  expect(await countUsers(admin)).toMatchObject({ disabled: 1 });
  expect(await listAuditActions(admin)).toContain("copy.made");
  const events = await listAuditEvents(admin, { action: "copy.made" }, { limit: 10 });
  expect(events).toMatchObject({ outcome: "listed", events: [{ action: "copy.made" }] });
  const sessions = await listEverySession(admin, { limit: 10 });
  // The member is disabled in the copy, and so has none there.
  expect(sessions).toMatchObject({ sessions: [{ userAgent: "Only in the copy" }] });
  expect(await countEverySession(admin)).toBe(1);
  expect((await describeOverview(admin, "7d")).totals.failures).toBe(1);
  expect((await readsCounted())["replica"]).toBe(9);
});

test("one user, who can be changed there, is told as the primary has them", async () => {
  expect(await findUser(await again(), memberId)).toMatchObject({ status: "active" });
});

describe("decisions, sessions and grants are the primary's", () => {
  test("a right that only the copy has is none, and one that only the copy lacks holds", async () => {
    const session = await aSession(readerId);
    await inCopy("DELETE FROM user_roles");
    expect((await namesIn(await callerWith(session))).size).toBeGreaterThan(1);
    await prisma().userRole.deleteMany({ where: { userId: readerId } });
    await inCopy(
      `INSERT INTO user_roles (id, user_id, role_id)
       SELECT gen_random_uuid(), $1, id FROM roles WHERE name = 'Admin'`,
      [readerId],
    );
    const reader = await callerWith(session);
    for (const list of [
      () => namesIn(reader),
      () => countUsers(reader),
      () => listEverySession(reader, { limit: 1 }),
      () => listAuditEvents(reader, {}, { limit: 1 }),
      () => listAuditActions(reader),
      () => describeOverview(reader, "7d"),
    ]) {
      await expect(list()).rejects.toThrow(AccessDenied);
    }
    expect(await countEverySession(reader)).toBeNull();
  });

  test("a session that is alive only in the copy is dead", async () => {
    const { id } = await aUser();
    const secret = await aSession(id);
    expect(await findPrincipal(secret)).not.toBeNull();
    await prisma().session.updateMany({ where: { userId: id }, data: { revokedAt: new Date() } });
    expect(await findPrincipal(secret)).toBeNull();
  });

  test("what somebody has changed is obeyed by the next request, whatever the copy says", async () => {
    const { id } = await aUser();
    const secret = await aSession(id);
    const admin = await again();
    const found = await findUser(admin, id);
    expect(await updateUser(admin, id, { status: "disabled" }, PLAIN)).toMatchObject({
      outcome: "updated",
    });
    expect(found?.status).toBe("active");
    expect(await findPrincipal(secret)).toBeNull();
  });
});

test("who has changed something sees it in the next list, and who has not sees the copy", async () => {
  const other = await aCaller({ roles: ["Admin"] });
  await tellCopy(other);
  const before = await readsCounted();
  const admin = await again();
  await updateUser(admin, memberId, { name: "Changed just now" }, PLAIN);
  expect((await namesIn(await again())).get(memberId)).toBe("Changed just now");
  expect((await namesIn(other)).get(memberId)).toBe("Only in the copy");
  const after = await readsCounted();
  expect(after["behind"]).toBe((before["behind"] ?? 0) + 1);
  expect(after["replica"]).toBe((before["replica"] ?? 0) + 1);
});

test("nothing is written there, also by a list that tried, and nothing that decides takes it", async () => {
  expectTypeOf<ReplicaDb>().not.toExtend<Db>();
  const reader = await aCaller({ roles: [] });
  await tellCopy(reader);
  const tried: unknown[] = [];
  await readFromReplica(reader, async (db) => {
    if (db !== undefined) {
      await db.$executeRaw`UPDATE users SET name = 'Written'`.catch((error: unknown) => {
        tried.push(error);
        throw error;
      });
    }
  });
  expect(String(tried[0])).toContain("read-only transaction");
});

test("the doctor says that a copy is no replica", async () => {
  expect(await checkReplica()).toContain("names no replica");
});

test("a replica that is away costs no answer, is complained of once, and is counted", async () => {
  await ask(adminUrl, `ALTER DATABASE ${copyName} WITH ALLOW_CONNECTIONS false`);
  await ask(
    adminUrl,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${copyName}'`,
  );
  const complain = vi.spyOn(log, "error").mockImplementation(() => {});
  // A former test has made it complain in this minute already.
  (globalThis as { __gatehouse?: Map<string, unknown> }).__gatehouse?.delete("replica complaint");
  const before = await readsCounted();
  const admin = await again();
  const request = { ...admin, request: aRequest() };
  expect((await namesIn(request)).get(memberId)).toBe("Changed just now");
  expect(await countUsers(request)).not.toBeNull();
  expect(await listAuditEvents(request, {}, { limit: 5 })).toMatchObject({ outcome: "listed" });
  expect((await readsCounted())["failed"]).toBe((before["failed"] ?? 0) + 3);
  expect(complain.mock.calls.map(([message]) => message)).toEqual([
    "the read replica failed, and the primary was asked",
  ]);
});
