import "server-only";
import { CONFIGURATION_CHECKS } from "@/app/_health/configuration-checks";
import {
  checkAdministrator,
  checkConnections,
  checkJobs,
  checkOutbox,
  checkPooler,
  checkPostgres,
  checkWritable,
} from "@/app/_health/database-checks";
import { checkRedis } from "@/app/_health/redis-check";
import { checkReplica } from "@/app/_health/replica-check";
import { assertChainEnd } from "@/lib/audit-chain/chain-end";
import { describeEncryptionKeys } from "@/lib/keys/describe-keys";
import { listSigningKeys } from "@/lib/oidc/signing-keys";
import { getConfig } from "@/lib/platform/config";
import { assertDatabaseIsDurable } from "@/lib/platform/db/durability";
import { migrationsAreApplied } from "@/lib/platform/db/migrations";
import { pool } from "@/lib/platform/db/pool";
import { assertTenantWall } from "@/lib/platform/db/tenant-wall";
import { checkMailServer } from "@/lib/platform/mail/check-mail-server";
import { checkTraceCollector } from "@/lib/platform/tracing/check-collector";
import { days, seconds } from "@/lib/shared/duration";

/** Clocks that differ by more make codes and tokens expire at the wrong time. */
const CLOCK_SKEW_MAX_SECONDS = 5;

/** They are rotated every hour where they are due. */
const ROTATION_LATE_SECONDS = days(1);

interface Check {
  name: string;
  /** Null when all is well; otherwise what to do. */
  run(): Promise<string | null>;
}

const CHECKS: Check[] = [
  ...CONFIGURATION_CHECKS.map(({ name, problemOf: found }) => ({
    name,
    run: async () => found(getConfig()),
  })),
  {
    name: "database",
    run: async () => {
      await pool().query("SELECT 1");
      return null;
    },
  },
  { name: "changes", run: checkWritable },
  { name: "PostgreSQL", run: checkPostgres },
  { name: "connections", run: () => checkConnections() },
  { name: "limits behind the pooler", run: () => checkPooler() },
  { name: "read replica", run: () => checkReplica() },
  {
    name: "migrations",
    run: async () => ((await migrationsAreApplied()) ? null : "Run `npx gatehouse migrate`."),
  },
  {
    name: "durability",
    run: async () => {
      await assertDatabaseIsDurable();
      return null;
    },
  },
  {
    name: "organizations",
    run: async () => {
      await assertTenantWall();
      return null;
    },
  },
  {
    name: "audit log",
    run: async () => (await canChangeAuditLog()) ?? (await endOfChain()),
  },
  {
    name: "signing keys",
    run: async () => {
      const overdue = (await listSigningKeys()).filter(
        ({ rotationDueAt }) =>
          rotationDueAt !== null &&
          Date.now() - rotationDueAt.getTime() > ROTATION_LATE_SECONDS * 1_000,
      );
      return overdue.length === 0
        ? null
        : "Their rotation is overdue by a day: no process runs the hourly work. Rotate them at /admin/keys, and look into the log.";
    },
  },
  {
    name: "encryption keys",
    run: async () => {
      const missing = (await describeEncryptionKeys()).filter(({ state }) => state === "missing");
      return missing.length === 0
        ? null
        : `DATA_ENCRYPTION_KEYS lacks ${missing.map(({ name }) => name).join(", ")}: what it sealed cannot be read. Put it back behind the first one.`;
    },
  },
  {
    name: "clock",
    run: async () => {
      const { rows } = await pool().query<{ now: Date }>("SELECT clock_timestamp() AS now");
      const skew = Math.abs(Date.now() - (rows[0]?.now.getTime() ?? 0)) / 1000;
      return skew <= CLOCK_SKEW_MAX_SECONDS
        ? null
        : `This machine and the database differ by ${Math.round(skew)} seconds. Set both by NTP.`;
    },
  },
  { name: "Redis", run: () => checkRedis(getConfig().redisUrl) },
  {
    name: "mail",
    run: async () =>
      getConfig().mail.smtpUrl !== null || getConfig().loopback
        ? checkMailServer()
        : "Set SMTP_URL: nobody can confirm an address or choose a new password.",
  },
  { name: "waiting messages", run: checkOutbox },
  { name: "collector of traces", run: checkTraceCollector },
  { name: "administrator", run: checkAdministrator },
  { name: "work in the background", run: checkJobs },
];

/** A trigger refuses it all the same; the right itself should not be there either. */
async function canChangeAuditLog(): Promise<string | null> {
  const { rows } = await pool().query<{ may: boolean }>(
    "SELECT has_table_privilege('audit_events', 'UPDATE, DELETE, TRUNCATE') AS may",
  );
  return rows[0]?.may === false
    ? null
    : 'The database user may change audit events, or inherits the right: connect as a user that is no superuser, and see "The audit log" in docs/runbook.md.';
}

async function endOfChain(): Promise<string | null> {
  await assertChainEnd();
  return null;
}

const problemOf = async ({ run }: Check): Promise<string | null> => {
  try {
    return await run();
  } catch (error) {
    return error instanceof Error ? error.message : "It failed.";
  }
};

/** What is looked at, in its order. */
export const checkNames = (): string[] => CHECKS.map(({ name }) => name);

export interface CheckResult {
  name: string;
  /** Null when all is well; otherwise what to do. */
  problem: string | null;
}

/** Every check of the installation, one after the other: what is wrong and what to do. */
export async function checkInstallation(): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of CHECKS) {
    results.push({ name: check.name, problem: await problemOf(check) });
  }
  return results;
}

/** Long enough that loading the page again and again asks no mail server each time. */
const RECENT_SECONDS = seconds(20);

let recent: { at: number; results: Promise<CheckResult[]> } | null = null;

/** The same for a page: what was found in the last seconds counts. */
export function checkInstallationRecently(): Promise<CheckResult[]> {
  const now = performance.now();
  if (recent === null || now - recent.at > RECENT_SECONDS * 1_000) {
    recent = { at: now, results: checkInstallation() };
  }
  return recent.results;
}
