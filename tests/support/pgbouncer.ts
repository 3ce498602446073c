import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { aFreePort, untilListening } from "@/tests/support/proxies";

// A real pooler in transaction mode, in front of the database of a test.

/** Debian has it where only root looks. */
const ENVIRONMENT = { NODE_ENV: "test", PATH: `${process.env["PATH"]}:/usr/sbin` } as const;

export const hasPgbouncer = (): boolean =>
  spawnSync("pgbouncer", ["--version"], { env: ENVIRONMENT }).status === 0;

// Set-up is plain JavaScript, because it runs before there is a compiler.
const { postgresAccount } = (await import(
  /* @vite-ignore */ new URL("../../scripts/setup/postgres-account.mjs", import.meta.url).href
)) as { postgresAccount: () => { uid: number; gid: number } | undefined };

export interface Pooler {
  /** The same database through the pooler, which says so. */
  url: string;
  stop(): Promise<void>;
}

/** Starts it with so many connections to the database, whoever comes; throws with what it said where it does not come up. */
export async function startPgbouncer(
  databaseUrl: string,
  serverConnections: number,
): Promise<Pooler> {
  const dir = mkdtempSync(path.join(os.tmpdir(), "gatehouse-pgbouncer-"));
  const port = await aFreePort();
  const target = new URL(databaseUrl);
  const database = target.pathname.slice(1);
  const file = path.join(dir, "pgbouncer.ini");
  writeFileSync(
    file,
    `[databases]
${database} = host=${target.hostname} port=${target.port} user=${target.username} password='${decodeURIComponent(target.password)}'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${serverConnections}
max_client_conn = 200
`,
  );
  // It refuses to run as root, like PostgreSQL.
  const account = postgresAccount();
  chmodSync(dir, 0o755);
  const child = spawn("pgbouncer", [file], {
    env: ENVIRONMENT,
    stdio: ["ignore", "pipe", "pipe"],
    ...(account && { uid: account.uid, gid: account.gid, cwd: "/" }),
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (it: Buffer) => said.push(it));
  }
  const gone = new Promise<void>((resolve, reject) => {
    child.once("error", reject).once("exit", () => resolve());
  });
  await Promise.race([
    untilListening(port),
    gone.then(() => {
      throw new Error(`pgbouncer did not start: ${Buffer.concat(said).toString()}`);
    }),
  ]);
  const url = new URL(`postgresql://127.0.0.1:${port}/${database}?pgbouncer=true`);
  url.username = target.username;
  return {
    url: url.href,
    async stop() {
      child.kill("SIGTERM");
      await gone;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
