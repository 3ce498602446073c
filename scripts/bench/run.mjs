import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { buildProgram } from "../setup/build-program.mjs";
import { startEmbeddedPostgres } from "../setup/embedded-postgres.mjs";
import { freePort } from "../setup/free-port.mjs";
import { inRoot } from "../setup/paths.mjs";
import { print, step } from "../setup/progress.mjs";
import { startServer } from "../setup/server-process.mjs";
import { createEndToEndDatabase, startTestDatabase } from "../test/test-database.mjs";
import { measureAudit } from "./audit.mjs";
import { measureBesideOthers } from "./beside-others.mjs";
import { drawChart } from "./chart.mjs";
import { measureChecks } from "./checks.mjs";
import { coresAreSeparate, giveFirstCore, leaveFirstCore } from "./cores.mjs";
import { measureDecisions } from "./decisions.mjs";
import { measureFootprint } from "./footprint.mjs";
import { measureGateway } from "./gateway.mjs";
import { requestsPerSecond } from "./load.mjs";
import { insertSession } from "./session.mjs";

const CHART = "docs/images/performance.svg";

/**
 * Measures the built program on a throw-away database and prints answers a
 * second, each with its ratio to the first row: ratios travel between machines. Of decisions it
 * prints how long they take, too.
 * @param {{ chart: boolean }} options whether to draw what is compared with others into docs/
 */
export async function runBenchmarks({ chart }) {
  const dir = mkdtempSync(path.join(os.tmpdir(), "gatehouse-bench-"));
  const dataDir = path.join(dir, "database");
  mkdirSync(dataDir);
  const port = await freePort("127.0.0.1");
  const token = randomBytes(32).toString("base64url");
  const rulesFile = path.join(dir, "gateway-rules.json");
  writeFileSync(rulesFile, JSON.stringify(rulesFor(`localhost:${port}`)));
  const env = {
    ...process.env,
    GATEWAY_TOKEN: token,
    GATEWAY_RULES_FILE: rulesFile,
    NODE_ENV: "test",
    LOG_LEVEL: "silent",
    DATA_DIR: path.join(dir, "data"),
    AUTH_SECRET: randomBytes(32).toString("base64url"),
    DATA_ENCRYPTION_KEYS: randomBytes(32).toString("base64url"),
    PORT: String(port),
    APP_URL: `http://localhost:${port}`,
    // Sign-ins come from many networks.
    TRUST_PROXY: "1",
  };
  leaveFirstCore();
  await step("Building", (note) => buildProgram(note));
  const url = await step("Preparing a database", async (note) => {
    const throwaway = await startTestDatabase({ dataDir, note, env, shortLived: false });
    try {
      return await createEndToEndDatabase(throwaway.url);
    } finally {
      await throwaway.stop();
    }
  });
  // Everybody's commits are on disk before they are told, as in production.
  const postgres = await step("Starting PostgreSQL", (note) =>
    startEmbeddedPostgres({ dataDir, note }),
  );
  try {
    const cookie = `gatehouse_session=${await insertSession(url)}`;
    const startedAt = performance.now();
    const server = await startServer({ ...env, DATABASE_URL: url });
    const startedInMs = performance.now() - startedAt;
    giveFirstCore(server.pid);
    print(
      coresAreSeparate
        ? "\nWhat is measured has a core of its own."
        : "\nAll share the same cores.",
    );
    try {
      const origin = `http://127.0.0.1:${port}`;
      await measure(origin, cookie);
      await measureChecks(origin, url);
      await measureGateway({ origin, cookie, token });
      await measureAudit(url);
      const running = { ...env, DATABASE_URL: url };
      await measureDecisions({ origin, databaseUrl: url, env: running });
      // Before the sign-ins, whose mails and events keep the program busy for a while.
      await measureFootprint({ origin, cookie, pid: server.pid, startedInMs });
      const rows = await measureBesideOthers({
        origin,
        cookie,
        databaseUrl: url,
        env: running,
        dir,
      });
      if (chart) writeFileSync(inRoot(CHART), drawChart(rows));
    } finally {
      await server.stop();
    }
  } finally {
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * One rule, as a service has it: a session and a permission.
 * @param {string} host
 */
const rulesFor = (host) => ({
  rules: [
    {
      name: "billing",
      host,
      path: "/billing/**",
      audience: "urn:example:billing",
      access: { permission: "view_invoice" },
    },
  ],
});

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
