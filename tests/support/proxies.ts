import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import net, { type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";

// The proxies of deploy/, as they are, in front of a program and a service of a test.

const DEPLOY = path.resolve(import.meta.dirname, "../../deploy");

export const PROXIES = ["nginx", "caddy", "haproxy"] as const;
export type ProxyName = (typeof PROXIES)[number];

/** Whether the program is on this machine. */
export const isInstalled = (name: ProxyName): boolean =>
  spawnSync(name, [name === "caddy" ? "version" : "-v"], { env: environment() }).status === 0;

/** Debian has proxies where only root looks. */
const environment = (): NodeJS.ProcessEnv => ({
  NODE_ENV: "test",
  PATH: `${process.env["PATH"]}:/usr/sbin:/usr/local/sbin`,
});

export interface ProxyTerms {
  gatehousePort: number;
  servicePort: number;
  token: string;
  /** Of another service; the same where nothing is said. */
  userPort?: number;
  /** Any that is free, where nothing is said. */
  port?: number;
}

export interface RunningProxy {
  port: number;
  stop(): Promise<void>;
}

/** Starts a proxy on a port of this machine; throws with what it said when it does not come up. */
export async function startProxy(name: ProxyName, terms: ProxyTerms): Promise<RunningProxy> {
  const dir = mkdtempSync(path.join(os.tmpdir(), `gatehouse-${name}-`));
  const port = terms.port ?? (await aFreePort());
  const env = {
    ...environment(),
    HOME: dir,
    GATEHOUSE_UPSTREAM: `127.0.0.1:${terms.gatehousePort}`,
    BILLING_UPSTREAM: `127.0.0.1:${terms.servicePort}`,
    USER_UPSTREAM: `127.0.0.1:${terms.userPort ?? terms.servicePort}`,
    GATEWAY_TOKEN: terms.token,
    LISTEN: `127.0.0.1:${port}`,
    SERVER_NAME: "_",
    SITE_ADDRESS: `http://:${port}`,
    HAPROXY_DIR: path.join(DEPLOY, "haproxy"),
  };
  const said: Buffer[] = [];
  const child = spawn(name, argumentsOf(name, dir, env), {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (it: Buffer) => said.push(it));
  const gone = endOf(child);
  await Promise.race([
    untilListening(port),
    gone.then(() => {
      throw new Error(`${name} did not start: ${Buffer.concat(said).toString()}`);
    }),
  ]);
  return {
    port,
    async stop() {
      child.kill("SIGTERM");
      await gone;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function argumentsOf(name: ProxyName, dir: string, env: NodeJS.ProcessEnv): string[] {
  if (name === "caddy") {
    return ["run", "--adapter", "caddyfile", "--config", path.join(DEPLOY, "caddy/Caddyfile")];
  }
  if (name === "haproxy") return ["-db", "-f", path.join(DEPLOY, "haproxy/haproxy.cfg")];
  const template = readFileSync(path.join(DEPLOY, "nginx/gatehouse.conf.template"), "utf8");
  // As envsubst does it: what is no variable of the environment is nginx's own.
  const site = template.replaceAll(
    /\$\{(\w+)\}/g,
    (whole, variable: string) => env[variable] ?? whole,
  );
  mkdirSync(path.join(dir, "gatehouse"));
  for (const file of ["protect.conf", "identity-headers.conf"]) {
    cpSync(path.join(DEPLOY, "nginx", file), path.join(dir, "gatehouse", file));
  }
  writeFileSync(
    path.join(dir, "nginx.conf"),
    `daemon off; pid ${dir}/pid; error_log stderr warn; worker_processes 1;
     events { worker_connections 512; }
     http {
       access_log off;
       client_body_temp_path ${dir}/body; proxy_temp_path ${dir}/proxy; fastcgi_temp_path ${dir}/fastcgi;
       uwsgi_temp_path ${dir}/uwsgi; scgi_temp_path ${dir}/scgi;
       ${site}
     }`,
  );
  return ["-p", dir, "-c", path.join(dir, "nginx.conf"), "-e", "stderr"];
}

const endOf = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => child.once("error", reject).once("exit", () => resolve()));

export const aFreePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = net.createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

export async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing listens on ${port}`);
}

/** What a service behind a proxy was sent. */
export interface Seen {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
}

/** A service that answers with what it was sent. */
export async function anEcho(): Promise<{ port: number; count: () => number; stop: () => void }> {
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    const { method = "", url = "", headers } = request;
    request.resume();
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ method, url, headers } satisfies Seen));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    count: () => count,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
