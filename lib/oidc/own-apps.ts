import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { FIRST_PARTY_CLIENT_ID } from "@/lib/oidc/clients";
import { deleteGrantsToClient, listGrantedClients } from "@/lib/oidc/grant-store";
import { scopesBehind } from "@/lib/oidc/scopes";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";

export interface OwnApp {
  clientId: string;
  name: string;
  /** One of ours: its users were not asked. */
  firstParty: boolean;
  scopes: string[];
  grantedAt: Date;
  /** When it last got a token that is still kept; null when that is too long ago to know. */
  lastUsedAt: Date | null;
}

/** What of a grant's payload says what it allows, by the engine's names. */
interface GrantPayload {
  openid?: { scope?: string; claims?: string[] };
  resources?: Record<string, string>;
}

/** The apps that act for the caller, with all that their grants together allow (F40). */
export const listOwnApps = ({ principal }: Caller): Promise<OwnApp[]> =>
  listAppsOf(principal.userId);

/** The same of any user: whoever calls this has asked who may see them. */
export async function listAppsOf(userId: string): Promise<OwnApp[]> {
  // The tokens of our own program are sessions, and are listed as such.
  const rows = await listGrantedClients(userId, FIRST_PARTY_CLIENT_ID);
  return rows.map(({ payloads, ...app }) => ({
    ...app,
    scopes: [...new Set(payloads.flatMap((payload) => scopesOf(payload as GrantPayload)))],
  }));
}

function scopesOf({ openid, resources = {} }: GrantPayload): string[] {
  return [openid?.scope ?? "", ...Object.values(resources)]
    .flatMap((scopes) => scopes.split(" "))
    .concat(scopesBehind(openid?.claims))
    .filter((scope) => scope !== "");
}

/**
 * Takes back all that the caller has granted an app: its refresh tokens, access
 * tokens and codes end in the same statement, wherever they were given (F40).
 */
export async function revokeOwnApp(
  caller: Caller,
  clientId: string,
): Promise<{ outcome: "revoked" | "not-found" }> {
  // PostgreSQL knows no NUL, and no client has one.
  if (clientId.includes("\u0000")) return { outcome: "not-found" };
  return inTransaction(async (tx) => {
    const grants = await deleteGrantsToClient(caller.principal.userId, clientId, tx);
    if (grants === 0) return { outcome: "not-found" };
    await recordChange(
      caller,
      {
        action: "client.access_revoked",
        target: { type: "client", id: clientId },
        before: { grants },
      },
      tx,
    );
    return { outcome: "revoked" };
  });
}
