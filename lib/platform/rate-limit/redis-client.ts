import "server-only";
import "#node-only";
import { createClient } from "@redis/client";

const CONNECT_TIMEOUT_MS = 2_000;
/** A server that is silent for so long is taken for gone, and connected to anew. */
const SILENCE_TIMEOUT_MS = 5_000;
/** Shorter, so that a connection without work is no silent one. */
const PING_INTERVAL_MS = 1_500;
const RECONNECT_MAX_MS = 2_000;

/** A connection that is not opened yet. What is asked while there is none fails at once. */
export const createRedisClient = (url: string, { reconnects }: { reconnects: boolean }) =>
  createClient({
    url,
    // What every server understands, and no command that a user of little rights may not run.
    RESP: 2,
    disableClientInfo: true,
    maintNotifications: "disabled",
    disableOfflineQueue: true,
    pingInterval: PING_INTERVAL_MS,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SILENCE_TIMEOUT_MS,
      reconnectStrategy: reconnects
        ? (retries) => Math.min(RECONNECT_MAX_MS, 50 * 2 ** Math.min(retries, 10))
        : false,
    },
  });

export type RedisClient = ReturnType<typeof createRedisClient>;
