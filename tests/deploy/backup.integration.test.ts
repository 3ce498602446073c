import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { installedPostgres, type OwnCluster, startOwnCluster } from "./own-cluster";

// F141, FLT-25: a backup is one when it was restored. `pg_dump` and a server of one release are needed for that.

// Set-up is plain JavaScript, because it runs before there is a compiler.
const { migrate } = (await import(
  /* @vite-ignore */ new URL("../../scripts/setup/migrate.mjs", import.meta.url).href
)) as { migrate: (url: string) => Promise<string[]> };

const ROOT = path.resolve(import.meta.dirname, "../..");
const bin = installedPostgres();

let cluster: OwnCluster;
let dir = "";

beforeAll(async () => {
  if (bin === undefined) return;
  dir = mkdtempSync(path.join(os.tmpdir(), "gatehouse-backup-"));
  cluster = await startOwnCluster(bin);
  for (const name of ["lived", "restored"]) cluster.psql(`CREATE DATABASE ${name} OWNER gatehouse`);
  await migrate(cluster.urlOf("lived"));
});

afterAll(() => {
  if (bin === undefined) return;
  cluster.stop();
  rmSync(dir, { recursive: true, force: true });
});

const script = (name: string, database: string, args: string[]) =>
  spawnSync(path.join(ROOT, "deploy", name), args, {
    encoding: "utf8",
    env: {
      NODE_ENV: "test",
      PATH: `${bin}:/usr/bin:/bin`,
      DATABASE_URL: cluster.urlOf(database),
    },
  });

/** Loads the program anew, on this database and remembering nothing. */
async function programOn(database: string) {
  vi.stubEnv("DATABASE_URL", cluster.urlOf(database));
  Reflect.deleteProperty(globalThis, "__gatehouse");
  vi.resetModules();
  const [{ pool }, { auditCommands }, builders, provider, sessions, signIn, chain] =
    await Promise.all([
      import("@/lib/platform/db/pool"),
      import("@/app/_cli/audit"),
      import("@/tests/support/builders"),
      import("@/lib/oidc/provider"),
      import("@/lib/sessions/current-principal"),
      import("@/lib/authn/sign-in-with-password"),
      import("@/lib/audit-chain/seal-events"),
    ]);
  const verify = auditCommands.find(({ words }) => words.join(" ") === "audit verify");
  return {
    ...builders,
    ...provider,
    ...sessions,
    ...signIn,
    ...chain,
    verifyAudit: async () => verify?.run([], {}),
    counts: async () => {
      const { rows } = await pool().query<{ name: string; rows: string }>(
        `SELECT relname AS name,
                (xpath('/row/c/text()', query_to_xml(format('SELECT count(*) AS c FROM %I', relname),
                                                     false, true, '')))[1]::text AS rows
           FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1`,
      );
      return Object.fromEntries(rows.map(({ name, rows: count }) => [name, Number(count)]));
    },
    end: () => pool().end(),
  };
}

const drill = bin === undefined ? test.skip : test;

drill(
  "what was backed up is restored: users sign in, keys sign, the audit log is whole, and no session lives again (F141, FLT-25)",
  async () => {
    const lived = await programOn("lived");
    const person = await lived.aUser();
    const cookie = await lived.aSession(person.id);
    expect(await lived.findPrincipal(cookie)).not.toBeNull();
    const keys = (await lived.publishedKeys()).map(({ kid }) => kid);
    await lived.sealEvents();
    const before = await lived.counts();
    await lived.end();

    const file = path.join(dir, "gatehouse.dump");
    expect(script("backup.sh", "lived", [file])).toMatchObject({ status: 0, stderr: "" });
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(script("restore.sh", "restored", [file])).toMatchObject({ status: 0, stderr: "" });

    const restored = await programOn("restored");
    const { oidc_artifacts: _, outbox: __, ...kept } = await restored.counts();
    expect(before).toMatchObject(kept);
    expect(kept["audit_events"]).toBeGreaterThan(0);
    expect(await restored.findPrincipal(cookie)).toBeNull();
    const attempt = await restored.signInWithPassword(
      person.email,
      person.password,
      undefined,
      restored.aRequest(),
    );
    expect(attempt.outcome).toBe("authenticated");
    expect((await restored.publishedKeys()).map(({ kid }) => kid)).toEqual(keys);
    expect(await restored.verifyAudit()).toMatchObject({ outcome: "done", findings: [] });
  },
  120_000,
);

drill("a database that is not empty is not restored into, and half a backup has no name", () => {
  const file = path.join(dir, "gatehouse.dump");
  const again = script("restore.sh", "restored", [file]);
  expect(again.status).toBe(1);
  expect(again.stderr).toContain("not empty");
  const none = path.join(dir, "none.dump");
  expect(script("backup.sh", "no_such_database", [none]).status).not.toBe(0);
  expect(readdirSync(dir)).toEqual(["gatehouse.dump"]);
});
