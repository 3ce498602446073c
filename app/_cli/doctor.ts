import "server-only";
import type { Command } from "@/app/_cli/commands";
import { done, refused } from "@/app/_cli/result";
import { getConfig } from "@/lib/platform/config";
import { assertDatabaseIsDurable } from "@/lib/platform/db/durability";
import { migrationsAreApplied } from "@/lib/platform/db/migrations";
import { pool } from "@/lib/platform/db/pool";
import { assertTenantWall } from "@/lib/platform/db/tenant-wall";
import { checkMailServer } from "@/lib/platform/mail/check-mail-server";

/** Clocks that differ by more make codes and tokens expire at the wrong time. */
const CLOCK_SKEW_MAX_SECONDS = 5;

interface Check {
  name: string;
  /** Null when all is well; otherwise what to do. */
  run(): Promise<string | null>;
}

const CHECKS: Check[] = [
  {
    name: "database",
    run: async () => {
      await pool().query("SELECT 1");
      return null;
    },
  },
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
    name: "clock",
    run: async () => {
      const { rows } = await pool().query<{ now: Date }>("SELECT clock_timestamp() AS now");
      const skew = Math.abs(Date.now() - (rows[0]?.now.getTime() ?? 0)) / 1000;
      return skew <= CLOCK_SKEW_MAX_SECONDS
        ? null
        : `This machine and the database differ by ${Math.round(skew)} seconds. Set both by NTP.`;
    },
  },
  {
    name: "mail",
    run: async () =>
      getConfig().mail.smtpUrl !== null || getConfig().loopback
        ? checkMailServer()
        : "Set SMTP_URL: nobody can confirm an address or choose a new password.",
  },
];

const problemOf = async ({ run }: Check): Promise<string | null> => {
  try {
    return await run();
  } catch (error) {
    return error instanceof Error ? error.message : "It failed.";
  }
};

export const doctorCommand: Command = {
  words: ["doctor"],
  usage: "doctor",
  summary: "Check configuration, database, migrations, clock and mail; say what to mend.",
  positionals: 0,
  run: async () => {
    getConfig();
    const checks = [];
    for (const check of CHECKS) checks.push({ name: check.name, problem: await problemOf(check) });
    const text = checks
      .map(
        ({ name, problem }) =>
          `${problem === null ? "✓" : "✗"} ${name}${problem ? `: ${problem}` : ""}`,
      )
      .join("\n");
    const healthy = checks.every(({ problem }) => problem === null);
    return healthy ? done(text, { checks }) : { ...refused(text, "unhealthy"), checks };
  },
};
