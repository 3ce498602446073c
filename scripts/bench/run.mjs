import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { buildProgram } from "../setup/build-program.mjs";
import { freePort } from "../setup/free-port.mjs";
import { print, step } from "../setup/progress.mjs";
import { startServer } from "../setup/server-process.mjs";
import { createEndToEndDatabase, startTestDatabase } from "../test/test-database.mjs";
import { measureChecks } from "./checks.mjs";
import { requestsPerSecond } from "./load.mjs";
import { insertSession } from "./session.mjs";
import { measureTokenEngine } from "./token-engine.mjs";

/**
 * Measures the built program on a throw-away database and prints answers a
 * second, each with its ratio to the first row: ratios travel between machines.
 */
export async function runBenchmarks() {
  const dir = mkdtempSync(path.join(os.tmpdir(), "gatehouse-bench-"));
  const dataDir = path.join(dir, "database");
  mkdirSync(dataDir);
  const port = await freePort("127.0.0.1");
  const env = {
    ...process.env,
    NODE_ENV: "test",
    LOG_LEVEL: "silent",
    DATA_DIR: path.join(dir, "data"),
    AUTH_SECRET: randomBytes(32).toString("base64url"),
    DATA_ENCRYPTION_KEYS: randomBytes(32).toString("base64url"),
    PORT: String(port),
    APP_URL: `http://localhost:${port}`,
  };
  await step("Building", (note) => buildProgram(note));
  const postgres = await step("Preparing a throw-away database", (note) =>
    startTestDatabase({ dataDir, note, env }),
  );
  try {
    const url = await createEndToEndDatabase(postgres.url);
    const cookie = `gatehouse_session=${await insertSession(url)}`;
    const server = await startServer({ ...env, DATABASE_URL: url });
    try {
      const origin = `http://127.0.0.1:${port}`;
      await measure(origin, cookie);
      await measureChecks(origin, url);
      await measureTokenEngine({ origin, cookie, env: { ...env, DATABASE_URL: url } });
    } finally {
      await server.stop();
    }
  } finally {
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * @param {string} base
 * @param {string} cookie
 */
async function measure(base, cookie) {
  const signedIn = { headers: { cookie }, status: 200 };
  const rows = [
    { what: "liveness, fast lane", path: "/api/health/live", status: 200 },
    { what: "refused API call (401)", path: "/api/v1/me", status: 401 },
    { what: "who am I, session and roles checked", path: "/api/v1/me", ...signedIn },
    { what: "first page of invoices", path: "/api/v1/invoices", ...signedIn },
    { what: "sign-in page, rendered by Next", path: "/sign-in", status: 200 },
    { what: "profile page, session checked", path: "/account/profile", ...signedIn },
  ];
  print("\n| what | answers a second | ratio |\n|--|--:|--:|");
  let first;
  for (const { what, path: target, ...expected } of rows) {
    const rate = await requestsPerSecond(() => ({ url: base + target, ...expected }));
    first ??= rate;
    print(`| ${what} | ${Math.round(rate)} | ${(rate / first).toFixed(3)} |`);
  }
}
