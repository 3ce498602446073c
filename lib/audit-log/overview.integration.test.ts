import { beforeAll, describe, expect, test } from "vitest";
import { describeOverview } from "@/lib/audit-log/describe-overview";
import { RANGE_NAMES, RANGES } from "@/lib/audit-log/overview.schema";
import { AccessDenied } from "@/lib/authz/authorize";
import { prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { aCaller, aRequest } from "@/tests/support/builders";
import { anOrganization, defaultOrganizationId } from "@/tests/support/organizations";

// F105: no figure is anything but what SQL says of the log.

let admin: Caller;
const NOW = new Date("2026-05-15T12:34:56.789Z");
const DAY_MS = 86_400_000;

beforeAll(async () => {
  admin = await aCaller({ roles: ["Admin"] });
  const organizations = [await defaultOrganizationId(), (await anOrganization()).id, null];
  const actions = ["session.created", "session.rejected", "authorization.denied", "thing.done"];
  await prisma().auditEvent.createMany({
    data: Array.from({ length: 2_000 }, (_, index) => ({
      id: newId(),
      // Spread over 100 days, the edges of every period among them.
      at: new Date(NOW.getTime() + DAY_MS - (index * 100 * DAY_MS) / 2_000),
      action: actions[index % actions.length] ?? "",
      outcome: "success" as const,
      actorType: "anonymous",
      organizationId: organizations[index % 3] ?? null,
      requestId: "x",
      reason: index % 7 === 0 ? "locked" : null,
      after: { amr: index % 5 === 0 ? ["pwd", "otp", "mfa"] : ["pwd"] },
    })),
  });
});

const bySql = async (sql: string, ...values: unknown[]) =>
  (
    await pool().query<{ n: number }>(
      `SELECT count(*)::int AS n FROM audit_events WHERE ${sql}`,
      values,
    )
  ).rows[0]?.n;

describe.each(RANGE_NAMES)("%s", (range) => {
  test("totals, steps and methods are those of SQL", async () => {
    const { from, until, series, totals, lockedAttempts, methods, stepSeconds } =
      await describeOverview(admin, range, NOW);
    expect(until.getTime() - from.getTime()).toBe(RANGES[range].seconds * 1000);
    expect(until.getTime()).toBeGreaterThan(NOW.getTime());
    expect(from.getTime() % (stepSeconds * 1000)).toBe(0);
    const within = "at >= $1 AND at < $2";
    expect(totals).toEqual({
      signIns: await bySql(`${within} AND action = 'session.created'`, from, until),
      failures: await bySql(`${within} AND action = 'session.rejected'`, from, until),
      refusals: await bySql(`${within} AND action = 'authorization.denied'`, from, until),
    });
    expect(totals.signIns).toBeGreaterThan(0);
    expect(lockedAttempts).toBe(
      await bySql(`${within} AND action = 'session.rejected' AND reason = 'locked'`, from, until),
    );
    for (const { method, count } of methods) {
      expect(count).toBe(
        await bySql(
          `${within} AND action = 'session.created' AND after->'amr' ? $3`,
          from,
          until,
          method,
        ),
      );
    }
    expect(methods.map(({ method }) => method)).toContain("pwd");
    for (const [index, at] of series.at.entries()) {
      const end = new Date(at.getTime() + stepSeconds * 1000);
      expect(series.counts.failures[index]).toBe(
        await bySql(`${within} AND action = 'session.rejected'`, at, end),
      );
    }
  });
});

test("who reads the log in one organization sees what was done there alone (F81)", async () => {
  const { principal } = admin;
  const role = await prisma().role.create({
    data: {
      id: newId(),
      name: `Auditor ${newId()}`,
      permissions: {
        create: {
          permission: { connect: { key: "view_audit_log" } },
        },
      },
    },
  });
  const auditor = await aCaller();
  await prisma().userRole.create({
    data: {
      id: newId(),
      userId: auditor.principal.userId,
      roleId: role.id,
      organizationId: principal.organizationId,
    },
  });
  const { totals, everywhere, from, until } = await describeOverview(
    { ...auditor, request: aRequest() },
    "30d",
    NOW,
  );
  expect(everywhere).toBe(false);
  expect(totals.signIns).toBe(
    await bySql(
      "at >= $1 AND at < $2 AND action = 'session.created' AND organization_id = $3",
      from,
      until,
      principal.organizationId,
    ),
  );
});

test("the overview is for whoever may read the log", async () => {
  const caller = await aCaller({ roles: ["Manager"] });
  await expect(describeOverview(caller, "7d")).rejects.toThrow(AccessDenied);
});

test("a period is counted from the index of its actions", async () => {
  const client = await pool().connect();
  try {
    await client.query("SET enable_seqscan = off");
    const { rows } = await client.query<{ "QUERY PLAN": string }>(
      `EXPLAIN SELECT action, date_bin('1 day', at, '2026-05-01'), count(*) FROM audit_events
        WHERE action = ANY('{session.created,session.rejected}') AND at >= '2026-05-01' AND at < '2026-05-08'
        GROUP BY 1, 2`,
    );
    expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toMatch(
      /audit_events_action_at_id_idx/,
    );
  } finally {
    await client.query("RESET enable_seqscan");
    client.release();
  }
});
