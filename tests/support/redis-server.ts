import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import net, { type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { aFreePort } from "@/tests/support/proxies";

// A Redis of a test's own, which can be hurt in every way that there is.

export const isRedisInstalled = (): boolean =>
  spawnSync("redis-server", ["--version"]).status === 0;

export const NEEDS_REDIS = "needs redis-server";

export interface RedisServer {
  url: string;
  port: number;
  /** Runs a command, and returns what is answered. */
  command(...words: string[]): string;
  /** Hangs for so long within a command. */
  sleep(seconds: number): Promise<void>;
  /** As a process that hangs. */
  freeze(): void;
  thaw(): void;
  kill(): Promise<void>;
  /** Empty, at the same address. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one on a port of this machine, which keeps nothing on disk. */
export async function startRedis(): Promise<RedisServer> {
  const dir = mkdtempSync(path.join(os.tmpdir(), "gatehouse-redis-"));
  const port = await aFreePort();
  const cli = (words: string[]) =>
    execFileSync("redis-cli", ["-p", String(port), ...words], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 10_000,
    }).trim();
  let child: ChildProcess;
  const start = async () => {
    const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", dir, "--save", ""];
    child = spawn("redis-server", [...args, "--enable-debug-command", "yes"], { stdio: "ignore" });
    await until(() => cli(["PING"]) === "PONG");
  };
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    command: (...words) => cli(words),
    async sleep(seconds) {
      const words = ["-p", String(port), "DEBUG", "SLEEP", String(seconds)];
      spawn("redis-cli", words, { stdio: "ignore" });
      const ping = () => spawnSync("redis-cli", ["-p", String(port), "PING"], { timeout: 200 });
      await until(() => ping().status !== 0);
    },
    freeze: () => child.kill("SIGSTOP"),
    thaw: () => child.kill("SIGCONT"),
    kill: () => end("SIGKILL"),
    async restart() {
      await end("SIGKILL");
      await start();
    },
    async stop() {
      // Also one that is frozen.
      await end("SIGKILL");
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      if (isSo()) return;
    } catch {
      // It does not answer yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("redis-server does not do what it should");
}

interface Liar {
  url: string;
  /** How often somebody has connected. */
  connections(): number;
  stop(): void;
}

/** Something at the address of a Redis that answers with one line after the other, and the last for ever. */
export async function aServerThatSays(...lines: string[]): Promise<Liar> {
  const sockets = new Set<net.Socket>();
  let answered = 0;
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (data: Buffer) => {
      const commands = data.toString().match(/^\*\d+\r$/gm) ?? [];
      for (const _ of commands) {
        socket.write(`${lines[Math.min(answered, lines.length - 1)]}\r\n`);
        answered += 1;
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => sockets.size,
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
