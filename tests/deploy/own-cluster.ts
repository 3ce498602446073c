import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, globSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { freePort } from "@/e2e/support/program";

const TOOLS = ["initdb", "pg_ctl", "pg_dump", "pg_restore", "psql"];

/** The folder of a PostgreSQL of this machine that has a server and the tools of the same release, if there is one. */
export const installedPostgres = (): string | undefined =>
  ["/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin"]
    .flatMap((pattern) => globSync(pattern))
    .toSorted()
    .findLast((dir) => TOOLS.every((tool) => existsSync(path.join(dir, tool))));

export interface OwnCluster {
  /** The address of a database, as the program's user. */
  urlOf: (database: string) => string;
  psql: (sql: string, database?: string) => string;
  stop: () => void;
}

/** A server of its own, made and thrown away, with the roles that the runbook has an administrator make. */
export async function startOwnCluster(bin: string): Promise<OwnCluster> {
  const dir = mkdtempSync(path.join(os.tmpdir(), "gatehouse-drill-"));
  const port = await freePort();
  // Who is root has to be somebody else for PostgreSQL.
  const isRoot = process.getuid?.() === 0;
  chmodSync(dir, 0o777);
  const run = (tool: string, args: string[]): string => {
    const program = path.join(bin, tool);
    const [file, list] = isRoot
      ? ["setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, ...args]]
      : [program, args];
    return execFileSync(file, list, {
      cwd: dir,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  };
  const data = path.join(dir, "data");
  run("initdb", [
    "--pgdata",
    data,
    "--username=admin",
    "--auth=trust",
    "--encoding=UTF8",
    "--no-sync",
  ]);
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''`;
  run("pg_ctl", ["--pgdata", data, "--wait", "-l", path.join(dir, "log"), "-o", settings, "start"]);
  const psql = (sql: string, database = "postgres"): string =>
    run("psql", [
      "-XAtq",
      "-v",
      "ON_ERROR_STOP=1",
      "-c",
      sql,
      `postgresql://admin@127.0.0.1:${port}/${database}`,
    ]);
  psql(`CREATE ROLE gatehouse LOGIN; CREATE ROLE gatehouse_tenant NOLOGIN; CREATE ROLE gatehouse_keeper NOLOGIN;
        GRANT gatehouse_tenant, gatehouse_keeper TO gatehouse;`);
  return {
    urlOf: (database) => `postgresql://gatehouse@127.0.0.1:${port}/${database}`,
    psql,
    stop: () => {
      run("pg_ctl", ["--pgdata", data, "--wait", "--mode=immediate", "stop"]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
