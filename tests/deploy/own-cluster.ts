import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, globSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { freePort } from "@/e2e/support/program";

const TOOLS = ["initdb", "pg_basebackup", "pg_ctl", "pg_dump", "pg_restore", "psql"];

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
  /** Starts a replica of all of it, which is stopped with it. */
  startReplica: () => Promise<Pick<OwnCluster, "urlOf" | "psql">>;
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
  const started: string[] = [];
  const start = (folder: string, on: number): void => {
    const settings = `-p ${on} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''`;
    const logFile = `${folder}.log`;
    run("pg_ctl", ["--pgdata", folder, "--wait", "-l", logFile, "-o", settings, "start"]);
    started.push(folder);
  };
  const accessAt = (on: number): Pick<OwnCluster, "urlOf" | "psql"> => ({
    urlOf: (database) => `postgresql://gatehouse@127.0.0.1:${on}/${database}`,
    psql: (sql, database = "postgres") => {
      const address = `postgresql://admin@127.0.0.1:${on}/${database}`;
      return run("psql", ["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql, address]);
    },
  });
  start(data, port);
  const primary = accessAt(port);
  primary.psql(`CREATE ROLE gatehouse LOGIN; CREATE ROLE gatehouse_tenant NOLOGIN; CREATE ROLE gatehouse_keeper NOLOGIN;
        GRANT gatehouse_tenant, gatehouse_keeper TO gatehouse;`);
  return {
    ...primary,
    startReplica: async () => {
      const folder = path.join(dir, "replica");
      const source = `postgresql://admin@127.0.0.1:${port}/postgres`;
      const terms = ["--write-recovery-conf", "--checkpoint=fast", "--no-sync"];
      run("pg_basebackup", ["--pgdata", folder, "--dbname", source, ...terms]);
      const on = await freePort();
      start(folder, on);
      return accessAt(on);
    },
    stop: () => {
      for (const folder of started.toReversed()) {
        run("pg_ctl", ["--pgdata", folder, "--wait", "--mode=immediate", "stop"]);
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
