import "server-only";
import "#node-only";
import { createHmac } from "node:crypto";
import { findArtifact } from "@/lib/oidc/artifact-store";
import { getConfig } from "@/lib/platform/config";

const derived = (predecessor: string, secret: string): string =>
  createHmac("sha256", secret).update(`successor of ${predecessor}`).digest("base64url");

/** By request: the successor that an earlier refresh with the same token has stored. */
const stored = new WeakMap<object, string>();

/**
 * Looks which successor a token that was used a moment ago has: by the first
 * secret, or by one that was the first when it was used, so that a change of
 * AUTH_SECRET in between signs nobody out (DEC-2, FLT-23).
 */
export async function lookForSuccessor(request: object, predecessor: string): Promise<void> {
  for (const secret of getConfig().authSecrets) {
    const successor = derived(predecessor, secret);
    if ((await findArtifact("RefreshToken", successor)) === null) continue;
    stored.set(request, successor);
    return;
  }
}

/** The same refresh finds the same successor, on whichever instance (DEC-2). */
export const successorOf = (request: object, predecessor: string): string =>
  stored.get(request) ?? derived(predecessor, getConfig().authSecrets[0] ?? "");
