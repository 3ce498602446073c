import { beforeAll, describe, expect, test } from "vitest";
import { recordEvent } from "@/lib/audit/record-event";
import { asKeeper } from "@/lib/audit-chain/keeper";
import { sealEverything } from "@/lib/audit-chain/seal-events";
import { signCheckpoint } from "@/lib/audit-chain/sign-checkpoint";
import { prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";
import { inTenant } from "@/lib/platform/db/tenant";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { asSuperuser, someEvents } from "@/tests/support/audit";
import { anInstance, aRequest } from "@/tests/support/builders";
import { anOrganization } from "@/tests/support/organizations";

// INV-4, ATK-72: what is written stays, whoever asks. Only turning the triggers off gets further,
// and the chain tells of that.

const TABLES = ["audit_events", "audit_links", "audit_checkpoints", "audit_prunings"];
const CHANGES = TABLES.flatMap((table) => [
  [`UPDATE ${table} SET ${table === "audit_events" ? "action" : "statement"} = 'x'`, table],
  [`DELETE FROM ${table}`, table],
  [`TRUNCATE ${table}`, table],
]).map(([statement = "", table]) =>
  table === "audit_links" ? statement.replace("statement = 'x'", "seq = 1") : statement,
);

beforeAll(async () => {
  await anInstance();
  await someEvents(2);
  await sealEverything();
  await signCheckpoint();
});

test.each(CHANGES)("the user that we connect as may not: %s", async (statement) => {
  await expect(pool().query(statement)).rejects.toThrow(/permission denied/);
});

test.each(CHANGES)("a superuser is refused by the trigger: %s", async (statement) => {
  await expect(asSuperuser(statement)).rejects.toThrow(/only ever appended to/);
});

describe("the role that may take something out", () => {
  const [ip, detail] = [
    "ip = NULL, user_agent = NULL, origin_salt = NULL",
    "reason = NULL, before = NULL, after = NULL, detail_salt = NULL",
  ];
  const asKeeperDo = (statement: string) =>
    inTransaction((tx) => asKeeper(tx, () => tx.$executeRawUnsafe(statement)));

  test.each([
    `UPDATE audit_events SET ${ip}`,
    `UPDATE audit_events SET ${ip}, erased_by = id`,
    `UPDATE audit_events SET ${detail}, erased_by = gen_random_uuid()`,
    "UPDATE audit_events SET action = 'x'",
    "DELETE FROM audit_events",
  ])("cannot without the record of it: %s", async (statement) => {
    await expect(asKeeperDo(statement)).rejects.toThrow(/only ever appended to/);
  });

  test("cannot change anything else while it erases, nor fill anything in", async () => {
    const userId = "0198f7d2-0000-7000-8000-000000000001";
    await pool().query(
      `INSERT INTO audit_events (id, action, outcome, actor_type, actor_id, target_type, target_id, request_id, ip)
       VALUES ('0198f7d2-0000-7000-8000-00000000000a', 'audit.personal_data_erased', 'success', 'system', null, 'user', $1, 'x', null),
              ('0198f7d2-0000-7000-8000-00000000000b', 'thing.done', 'success', 'user', $1::uuid, null, null, 'x', '192.0.2.1')`,
      [userId],
    );
    const where = "WHERE id = '0198f7d2-0000-7000-8000-00000000000b'";
    const by = "erased_by = '0198f7d2-0000-7000-8000-00000000000a'";
    for (const change of [
      `${ip}, action = 'x', ${by}`,
      `ip = '192.0.2.2', ${by}`,
      `ip = NULL, ${by}`,
      `reason = 'x', detail_salt = NULL, ${by}`,
    ]) {
      await expect(asKeeperDo(`UPDATE audit_events SET ${change} ${where}`)).rejects.toThrow(
        /only ever appended to/,
      );
    }
    expect(await asKeeperDo(`UPDATE audit_events SET ${ip}, ${by} ${where}`)).toBe(1);
  });

  test("is not taken on by whoever does not ask for it", async () => {
    const { rows } = await pool().query<{ inherits: boolean }>(
      "SELECT pg_has_role(current_user, audit_keeper_role(), 'USAGE') AS inherits",
    );
    expect(rows).toEqual([{ inherits: false }]);
  });

  test("is gone again before the transaction goes on", async () => {
    const role = await inTransaction(async (tx) => {
      await asKeeper(tx, async () => {});
      const [row] = await tx.$queryRaw<{ role: string }[]>`SELECT current_user::text AS role`;
      return row?.role;
    });
    const { rows } = await pool().query<{ role: string }>("SELECT current_user AS role");
    expect(role).toBe(rows[0]?.role);
  });
});

test("an event that a tenant writes is queued for the chain as well", async () => {
  const { id: organizationId } = await anOrganization();
  const id = await inTenant(organizationId, (tx) =>
    recordEvent(
      {
        action: "thing.done",
        outcome: "success",
        actor: { type: "service", id: newId(), organizationId },
      },
      aRequest(),
      tx,
    ),
  );
  expect(await prisma().auditUnsealed.count({ where: { eventId: id } })).toBe(1);
});
