import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { authorize } from "@/lib/authz/authorize";
import { findClientName } from "@/lib/oidc/client-store";
import { LOGOUT_ATTEMPTS_MAX } from "@/lib/oidc/deliver-due-logouts";
import { listLogoutRows, reviveLogout } from "@/lib/oidc/logout-delivery-store";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";
import { isId } from "@/lib/shared/id.schema";

const SHOWN_MAX = 100;

export interface LogoutDelivery {
  id: string;
  state: "delivered" | "waiting" | "given-up";
  /** When the session ended. */
  createdAt: Date;
  attempts: number;
  /** Null when it has arrived, or nobody will try by itself any more. */
  nextAttemptAt: Date | null;
  deliveredAt: Date | null;
  lastError: string | null;
}

export interface LogoutDeliveries {
  clientName: string;
  /** Where the client wants to be told; null when it does not. */
  address: string | null;
  deliveries: LogoutDelivery[];
}

/** What a client was told of sessions that have ended, the newest hundred; null for no such client (F63). */
export async function listLogoutDeliveries(
  caller: Caller,
  clientId: string,
): Promise<LogoutDeliveries | null> {
  await authorize(caller, CLIENT_PERMISSIONS.view);
  const client = await findClientName(clientId);
  if (client === null) return null;
  const rows = await listLogoutRows(clientId, SHOWN_MAX);
  return {
    clientName: client.name,
    address: client.backchannelLogoutUri,
    deliveries: rows.map(({ id, createdAt, attempts, nextAttemptAt, deliveredAt, lastError }) => {
      const triedOut = attempts >= LOGOUT_ATTEMPTS_MAX;
      return {
        id,
        state: deliveredAt !== null ? "delivered" : triedOut ? "given-up" : "waiting",
        createdAt,
        attempts,
        nextAttemptAt: deliveredAt !== null || triedOut ? null : nextAttemptAt,
        deliveredAt,
        lastError,
      };
    }),
  };
}

/** Tells a client once more, beginning now; "not-found" for what has arrived or is not this client's. */
export async function retryLogoutDelivery(
  caller: Caller,
  clientId: string,
  id: string,
): Promise<{ outcome: "queued" | "not-found" }> {
  await authorize(caller, CLIENT_PERMISSIONS.manage);
  if (!isId(id)) return { outcome: "not-found" };
  return inTransaction(async (tx) => {
    if (!(await reviveLogout(clientId, id, tx))) return { outcome: "not-found" };
    await recordChange(
      caller,
      {
        action: "client.logout_retried",
        target: { type: "client", id: clientId },
        after: { delivery: id },
      },
      tx,
    );
    return { outcome: "queued" };
  });
}
