import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createServer } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { inheritedEnvironment, testEnvironment } from "./environment";

export const ROOT = path.resolve(import.meta.dirname, "../..");
/** Inside the project, so that it finds the same node_modules; in dist, which no tool looks into. */
export const WITHOUT_MIDDLEWARE = path.join(ROOT, "dist/without-middleware");
const STOP_TIMEOUT_MS = 15_000;

export interface ProgramOptions {
  databaseUrl: string;
  /** More configuration, by its names in the environment. */
  environment?: Record<string, string>;
  /** How many processes share its port. */
  workers?: number;
  /** The folder that holds the pages to serve; the program itself is the same. */
  dir?: string;
}

export interface Program {
  url: string;
  /** Where this very process answers, whatever is in front. */
  ownUrl: string;
  pid: number;
  /** What it has printed, for tests that look for what must not be there. */
  output: () => string;
  stop: (signal?: "SIGTERM" | "SIGINT") => Promise<void>;
  /** Ends it as a machine does that fails: without a word. */
  kill: () => Promise<void>;
}

/** Starts the built program on a free port; returns when it serves. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const port = await freePort();
  const url = options.environment?.["APP_URL"] ?? `http://localhost:${port}`;
  const child = spawn(
    process.execPath,
    [path.join(ROOT, "dist/server.mjs"), "--workers", String(options.workers ?? 1)],
    {
      cwd: options.dir ?? ROOT,
      env: { ...environmentOf(options), PORT: String(port), APP_URL: url },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  await untilReady(child, () => output);
  return {
    url,
    pid: child.pid ?? 0,
    ownUrl: `http://127.0.0.1:${port}`,
    output: () => output,
    stop: (signal) => stop(child, signal),
    kill: () => kill(child),
  };
}

/** Runs the built command line and returns what it printed. */
export async function runCommand(args: string[], options: ProgramOptions): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(ROOT, "dist/cli.mjs"), ...args],
    { cwd: ROOT, env: environmentOf(options) },
  );
  return stdout;
}

function environmentOf({ databaseUrl, environment }: ProgramOptions): NodeJS.ProcessEnv {
  return {
    ...inheritedEnvironment(),
    NODE_ENV: testEnvironment().nodeEnv,
    NEXT_TELEMETRY_DISABLED: "1",
    DATABASE_URL: databaseUrl,
    AUTH_SECRET: "a-secret-that-only-tests-use-0123456789",
    DATA_ENCRYPTION_KEYS: "a-key-that-only-tests-use-0123456789abcd",
    LOG_LEVEL: "warn",
    // The tests play the proxy: each has an address, and with it a budget, of its own.
    TRUST_PROXY: "1",
    ...environment,
  };
}

const untilReady = (child: ChildProcess, output: () => string): Promise<void> =>
  new Promise((resolve, reject) => {
    child.on("message", (message: { type?: string }) => {
      if (message.type === "ready") resolve();
    });
    child.once("error", reject);
    child.once("exit", (code) => {
      reject(new Error(`the server ended while starting (${code}):\n${output()}`));
    });
  });

async function kill(child: ChildProcess): Promise<void> {
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exited;
}

/** By hand, unless a signal is given: what SIGTERM waits for, nobody here does. */
async function stop(child: ChildProcess, signal: NodeJS.Signals = "SIGINT"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
