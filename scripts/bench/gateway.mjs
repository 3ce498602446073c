import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { freePort } from "../setup/free-port.mjs";
import { inRoot } from "../setup/paths.mjs";
import { print } from "../setup/progress.mjs";
import { measureAnswers } from "./load.mjs";

const FILES = inRoot("deploy/nginx");

/** @typedef {{ port: number, stop: () => Promise<void> }} Running */

/**
 * Measures requests to a service behind nginx: with nobody asked, with an empty program asked in place
 * of Gatehouse, which is as good as it can be, and with Gatehouse asked about a session and a
 * permission. Says so where nginx is not there.
 * @param {{ origin: string, cookie: string, token: string }} running `origin` is Gatehouse's, whose rules
 *   let the cookie through to /billing/
 */
export async function measureGateway({ origin, cookie, token }) {
  print("\n| a request to a service behind nginx | answers a second | p50 ms | p95 ms | ratio |");
  print("|--|--:|--:|--:|--:|");
  const [service, empty] = [await anEmptyProgram(), await anEmptyProgram()];
  /** @type {{ what: string, upstream: string, path: string }[]} */
  const rows = [
    { what: "nobody is asked", upstream: `127.0.0.1:${empty.port}`, path: "/" },
    { what: "an empty program is asked", upstream: `127.0.0.1:${empty.port}`, path: "/billing/x" },
    { what: "Gatehouse is asked", upstream: new URL(origin).host, path: "/billing/x" },
  ];
  let first;
  try {
    for (const { what, upstream, path: target } of rows) {
      const proxy = await startNginx({ upstream, service: service.port, token });
      if (proxy === null) {
        print("| nginx is not installed | | | | |");
        return;
      }
      const { port } = new URL(origin);
      const ask = {
        url: `http://127.0.0.1:${proxy.port}${target}`,
        headers: { cookie, host: `localhost:${port}` },
        status: 200,
      };
      const { rate, p50Ms, p95Ms } = await whileRunning(proxy, () => measureAnswers(() => ask));
      first ??= rate;
      const times = [p50Ms, p95Ms].map((time) => time.toFixed(1)).join(" | ");
      print(`| ${what} | ${Math.round(rate)} | ${times} | ${(rate / first).toFixed(3)} |`);
    }
  } finally {
    await Promise.all([service.stop(), empty.stop()]);
  }
}

/**
 * @template T
 * @param {Running} running ended afterwards, whatever came of it
 * @param {() => Promise<T>} work
 */
async function whileRunning(running, work) {
  try {
    return await work();
  } finally {
    await running.stop();
  }
}

/** @returns {Promise<Running>} */
async function anEmptyProgram() {
  const port = await freePort("127.0.0.1");
  const server = http.createServer((_request, response) => response.end());
  await new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(undefined)));
  return {
    port,
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/**
 * @param {{ upstream: string, service: number, token: string }} terms
 * @returns {Promise<Running | null>} null where nginx is not there
 */
async function startNginx({ upstream, service, token }) {
  const dir = mkdtempSync(path.join(os.tmpdir(), "gatehouse-bench-nginx-"));
  const port = await freePort("127.0.0.1");
  /** @type {Record<string, string>} */
  const variables = {
    GATEHOUSE_UPSTREAM: upstream,
    BILLING_UPSTREAM: `127.0.0.1:${service}`,
    USER_UPSTREAM: `127.0.0.1:${service}`,
    GATEWAY_TOKEN: token,
    LISTEN: `127.0.0.1:${port}`,
    SERVER_NAME: "_",
  };
  const site = readFileSync(path.join(FILES, "gatehouse.conf.template"), "utf8").replaceAll(
    /\$\{(\w+)\}/g,
    (whole, name) => variables[name] ?? whole,
  );
  mkdirSync(path.join(dir, "gatehouse"));
  for (const file of ["protect.conf", "identity-headers.conf"]) {
    writeFileSync(path.join(dir, "gatehouse", file), readFileSync(path.join(FILES, file)));
  }
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${dir}/${kind};`,
  );
  writeFileSync(
    path.join(dir, "nginx.conf"),
    `daemon off; pid ${dir}/pid; error_log stderr warn; worker_processes 1;
     events { worker_connections 1024; }
     http { access_log off; ${temporary.join(" ")} ${site} }`,
  );
  const child = spawn("nginx", ["-p", dir, "-c", path.join(dir, "nginx.conf"), "-e", "stderr"], {
    env: { PATH: `${process.env["PATH"]}:/usr/sbin` },
    stdio: ["ignore", "ignore", "inherit"],
  });
  /** @type {Promise<boolean>} */
  const gone = new Promise((resolve) => {
    child.once("error", () => resolve(true)).once("exit", () => resolve(true));
  });
  const isUp = await Promise.race([gone.then(() => false), untilAnswering(port)]);
  const clean = () => rmSync(dir, { recursive: true, force: true });
  if (!isUp) {
    clean();
    return null;
  }
  return {
    port,
    stop: async () => {
      child.kill("SIGTERM");
      await gone;
      clean();
    },
  };
}

/** @param {number} port */
async function untilAnswering(port) {
  for (;;) {
    const answered = await new Promise((resolve) => {
      http
        .get({ host: "127.0.0.1", port, path: "/" }, (answer) => {
          answer.resume();
          resolve(true);
        })
        .once("error", () => resolve(false));
    });
    if (answered) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
