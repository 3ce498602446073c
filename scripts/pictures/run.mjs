import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { chromium } from "@playwright/test";
import { findBrowser } from "../setup/browser.mjs";
import { buildProgram } from "../setup/build-program.mjs";
import { freePort } from "../setup/free-port.mjs";
import { inRoot } from "../setup/paths.mjs";
import { step } from "../setup/progress.mjs";
import { startServer } from "../setup/server-process.mjs";
import { createEndToEndDatabase, startTestDatabase } from "../test/test-database.mjs";

const FOLDER = inRoot("docs/images");

/** Pictures taken without a session, then those of the demo's administrator. */
const PUBLIC = { landing: "/", "sign-in": "/sign-in" };
const SIGNED_IN = {
  invoices: "/invoices",
  "admin-users": "/admin/users",
  roles: "/admin/roles",
  audit: "/admin/audit",
};

/** Fills a throw-away database with the demo and takes the README's pictures of the program. */
export async function takePictures() {
  const dir = mkdtempSync(path.join(os.tmpdir(), "gatehouse-pictures-"));
  const dataDir = path.join(dir, "database");
  mkdirSync(dataDir);
  mkdirSync(FOLDER, { recursive: true });
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
    const withDatabase = { ...env, DATABASE_URL: await createEndToEndDatabase(postgres.url) };
    const administrator = fillWithDemo(withDatabase);
    const server = await startServer(withDatabase);
    try {
      await step("Taking pictures", () => photograph(env.APP_URL, administrator));
    } finally {
      await server.stop();
    }
  } finally {
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ email: string, password: string }}
 */
function fillWithDemo(env) {
  const args = [inRoot("dist/cli.mjs"), "demo", "--json"];
  const { passwords } = JSON.parse(execFileSync(process.execPath, args, { env, encoding: "utf8" }));
  return passwords.find((/** @type {{ role: string }} */ person) => person.role === "Admin");
}

/**
 * @param {string} base
 * @param {{ email: string, password: string }} administrator
 */
async function photograph(base, { email, password }) {
  const browser = await chromium.launch({
    executablePath: await findBrowser(),
    args: ["--no-sandbox", "--disable-background-networking"],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  /** @param {Record<string, string>} pictures */
  const take = async (pictures) => {
    for (const [name, target] of Object.entries(pictures)) {
      await page.goto(base + target, { waitUntil: "networkidle" });
      await page.screenshot({ path: path.join(FOLDER, `${name}.png`) });
    }
  };
  try {
    await take(PUBLIC);
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(`${base}/dashboard`);
    await take(SIGNED_IN);
  } finally {
    await browser.close();
  }
}
