import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import { SECRETS_MAX } from "@/lib/oidc/client.schema";
import { deleteSecret } from "@/lib/oidc/client-directory-store";
import { insertSecret } from "@/lib/oidc/client-store";
import { checkTrust } from "@/lib/oidc/client-trust";
import {
  type Client,
  type ClientRefusal,
  type ClientUpdate,
  changing,
} from "@/lib/oidc/manage-clients";
import { asClient } from "@/lib/oidc/write-client";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import type { Caller } from "@/lib/shared/caller";

const hasSecret = ({ authMethod }: Client): boolean => authMethod === "client_secret_basic";

export type SecretCreation =
  /** `secret` exists nowhere else. */
  { outcome: "added"; secretId: string; secret: string; createdAt: Date } | ClientRefusal;

/**
 * Gives a client a second secret beside the one it has, so that it can change
 * over without being locked out for a moment. Of many callers at once one adds.
 */
export async function addClientSecret(caller: Caller, id: string): Promise<SecretCreation> {
  const secret = newSecret();
  const result = await changing<SecretCreation>(caller, id, async (before, tx) => {
    if (!hasSecret(before)) return { outcome: "rejected", reason: "keeps-no-secret" };
    if (before.secrets.length >= SECRETS_MAX) {
      return { outcome: "rejected", reason: "too-many-secrets" };
    }
    const beyond = await checkTrust(asCaller(caller), id, [before], tx);
    if (beyond !== null) return beyond;
    const { id: secretId, createdAt } = await insertSecret(id, hashSecret(secret), tx);
    const change = { action: "client.secret_added", target: asClient(id), after: { secretId } };
    await recordChange(caller, change, tx);
    return { outcome: "added", secretId, secret, createdAt };
  });
  return result.outcome === "changed" ? { outcome: "not-found" } : result;
}

/**
 * Takes a secret away; it opens nothing from the next request on. Never the last
 * one of a client that needs one: of two callers who take the two, one is refused.
 */
export function removeClientSecret(
  caller: Caller,
  id: string,
  secretId: string,
): Promise<ClientUpdate> {
  return changing<ClientRefusal>(caller, id, async (before, tx) => {
    if (!before.secrets.some((secret) => secret.id === secretId)) return { outcome: "not-found" };
    if (before.secrets.length === 1 && hasSecret(before)) {
      return { outcome: "rejected", reason: "last-secret" };
    }
    const beyond = await checkTrust(asCaller(caller), id, [], tx);
    if (beyond !== null) return beyond;
    await deleteSecret(id, secretId, tx);
    const change = { action: "client.secret_removed", target: asClient(id), before: { secretId } };
    await recordChange(caller, change, tx);
    return null;
  });
}
