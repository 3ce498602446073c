import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import {
  countHoldings,
  deleteClientRow,
  findShownClient,
  lockClient,
  type ShownClient,
  updateClient,
} from "@/lib/oidc/client-directory-store";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { RequestFacts } from "@/lib/shared/caller";

export type OperatedClient = { outcome: "done"; name: string } | { outcome: "not-found" };

/**
 * Disables or enables a client for whoever owns the machine. Disabled, it is
 * unknown at once, and what it holds ends; enabling gives nothing of it back.
 */
export const switchClientAsOperator = (
  id: string,
  status: "active" | "disabled",
  request: RequestFacts,
): Promise<OperatedClient> =>
  operating(id, async ({ disabledAt }, tx) => {
    const disabled = status === "disabled";
    if (disabled === (disabledAt !== null)) return;
    const held = disabled ? { before: await countHoldings(id, tx) } : {};
    await updateClient(id, { disabledAt: disabled ? new Date() : null }, tx);
    const action = disabled ? "client.disabled" : "client.enabled";
    await record(id, action, held, request, tx);
  });

/** Deletes a client with its secrets and everything that it holds, for whoever owns the machine. */
export const deleteClientAsOperator = (
  id: string,
  request: RequestFacts,
): Promise<OperatedClient> =>
  operating(id, async ({ name, kind, redirectUris, scopes, firstParty }, tx) => {
    const held = await countHoldings(id, tx);
    await deleteClientRow(id, tx);
    const before = { name, kind, redirectUris, scopes, firstParty, ...held };
    await record(id, "client.deleted", { before }, request, tx);
  });

const operating = (
  id: string,
  work: (client: ShownClient, tx: Db) => Promise<void>,
): Promise<OperatedClient> =>
  inTransaction(async (tx) => {
    await lockClient(id, tx);
    const client = await findShownClient(id, tx);
    if (client === null) return { outcome: "not-found" };
    await work(client, tx);
    return { outcome: "done", name: client.name };
  });

const record = (
  id: string,
  action: string,
  states: Pick<Parameters<typeof recordEvent>[0], "before">,
  request: RequestFacts,
  tx: Db,
): Promise<string> =>
  recordEvent(
    {
      action,
      outcome: "success",
      actor: { type: "system" },
      target: { type: "client", id },
      ...states,
    },
    request,
    tx,
  );
