import { readFileSync } from "node:fs";
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { print } from "../setup/progress.mjs";
import { percentile, requestsPerSecond } from "./load.mjs";

const STEADY_MS = 6_000;
const TICK_MS = 1;

/**
 * What the program needs of the machine: how long until it serves, its memory before and after the load so
 * far, and how long answers take at half of what it can do, asked for at a steady rate whatever comes back.
 * @param {{ origin: string, cookie: string, pid: number, startedInMs: number }} program
 */
export async function measureFootprint({ origin, cookie, pid, startedInMs }) {
  const ask = { url: `${origin}/api/v1/me`, headers: { cookie }, status: 200 };
  const most = await requestsPerSecond(() => ask);
  const times = await answersAtRate(ask, most / 2);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((part) => percentile(times, part).toFixed(1));
  print("\n| what the program needs | |\n|--|--:|");
  print(`| from the start to the first answer | ${(startedInMs / 1_000).toFixed(1)} s |`);
  print(`| resident memory after all of this | ${residentMegabytes(pid)} MB |`);
  print(
    `| who am I, at half of what it can do (${Math.round(most / 2)} a second) | p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms |`,
  );
}

/** @param {number} pid */
function residentMegabytes(pid) {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Math.round(Number(kilobytes) / 1024);
  } catch {
    return "unknown";
  }
}

/**
 * How long each answer took, counted from when it was due: who waits behind a slow one waits as well.
 * @param {import("./load.mjs").Ask} ask
 * @param {number} rate a second
 */
async function answersAtRate({ url, headers, status }, rate) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  /** @type {number[]} */
  const times = [];
  /** @type {Promise<void>[]} */
  const asked = [];
  const startedAt = performance.now();
  for (let sent = 0; performance.now() - startedAt < STEADY_MS; ) {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * rate);
    for (; sent < due; sent += 1) {
      const dueAt = startedAt + (sent / rate) * 1_000;
      asked.push(
        new Promise((resolve, reject) => {
          http
            .get(url, { agent, ...(headers && { headers }) }, (response) => {
              response.resume().once("end", () => {
                times.push(performance.now() - dueAt);
                if (response.statusCode === status) resolve();
                else reject(new Error(`${url} answered ${response.statusCode}`));
              });
            })
            .once("error", reject);
        }),
      );
    }
    await sleep(TICK_MS);
  }
  await Promise.all(asked);
  agent.destroy();
  return times.sort((one, other) => one - other);
}
