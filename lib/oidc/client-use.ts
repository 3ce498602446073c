import "server-only";
import { touchClient } from "@/lib/oidc/client-store";
import { processSingleton } from "@/lib/platform/process-singleton";

const WRITTEN_EVERY_MS = 60_000;
/** More clients than one process sees in a minute; beyond, some are written once more. */
const REMEMBERED_MAX = 10_000;

/**
 * Remembers that a client, and which secret of it, is in use. A busy client is
 * one statement a minute and not one a request. Nice to know, and no reason to
 * fail a grant or to wait.
 */
export function noteClientUse(clientId: string, secretHash: Uint8Array | null): void {
  const written = processSingleton("oidc-client-use", () => new Map<string, number>());
  const key = `${clientId} ${secretHash === null ? "" : Buffer.from(secretHash).toString("base64url")}`;
  const now = Date.now();
  if (now - (written.get(key) ?? 0) < WRITTEN_EVERY_MS) return;
  if (written.size >= REMEMBERED_MAX) written.clear();
  written.set(key, now);
  touchClient(clientId, secretHash).catch(() => undefined);
}
