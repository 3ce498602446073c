import "server-only";
import "#node-only";
import type { Server, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { processSingleton } from "@/lib/platform/process-singleton";

/** As long as a balancer may take to see that we are not ready, and to send its requests elsewhere. */
const NOTICE_MS = 2_000;
const POLL_MS = 100;

/**
 * What whoever sends requests is given to notice: that this instance is not ready any more; nothing, as
 * others take its place at the same address; or not even time.
 */
export type Notice = "announced" | "quiet" | "none";

const state = () => processSingleton("leave-taking", () => ({ notice: null as Notice | null }));

/** Whether this process has been asked to end, and nothing else at its address goes on. */
export const isLeaving = (): boolean => state().notice === "announced";

/** A connection on which nothing more is to be asked ends with this answer, and not under the next request. */
export function endConnectionWhenLeaving(response: ServerResponse): void {
  if (state().notice !== null) response.shouldKeepAlive = false;
}

/** Says from now on that this instance is not ready, also where it is about to end quietly. */
export function announceLeave(): void {
  state().notice = "announced";
}

/**
 * Ends these servers. With notice they go on answering for two seconds, each connection its last request, so
 * that whoever asks how they are sends nothing into a connection that closes (FLT-06); then nothing new is
 * accepted, what is under way ends, and what has not ended `timeoutMs` from now is cut off. Quietly, they end as
 * soon as nobody is connected: who comes next is answered by others.
 */
export async function takeLeave(
  servers: readonly Server[],
  { notice, timeoutMs }: { notice: Notice; timeoutMs: number },
): Promise<void> {
  state().notice ??= notice;
  const endsAt = performance.now() + timeoutMs;
  const noticedAt = performance.now() + (notice === "none" ? 0 : NOTICE_MS);
  const isOver = async () => notice === "quiet" && (await countConnections(servers)) === 0;
  while (performance.now() < noticedAt && !(await isOver())) await sleep(POLL_MS);
  const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
  // A connection is idle as soon as its answer is sent, and would be kept for the next request.
  const idle = setInterval(() => {
    for (const server of servers) server.closeIdleConnections();
  }, POLL_MS);
  const cutOff = setTimeout(() => {
    for (const server of servers) server.closeAllConnections();
  }, endsAt - performance.now());
  await Promise.all(closed);
  clearInterval(idle);
  clearTimeout(cutOff);
}

async function countConnections(servers: readonly Server[]): Promise<number> {
  const counts = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          // A server that is closed has none.
          server.getConnections((error, count) => resolve(error === null ? count : 0));
        }),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
