import "server-only";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import type { BeyondOwn } from "@/lib/authz/within-own";
import type { ClientListing, ClientSettings } from "@/lib/oidc/client.schema";
import {
  countHoldings,
  findShownClient,
  listShownClients,
  lockClient,
  type ShownClient,
} from "@/lib/oidc/client-directory-store";
import type { ClientKeys } from "@/lib/oidc/client-keys";
import { checkTrust } from "@/lib/oidc/client-trust";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";
import {
  type InvalidClient,
  judgeAddresses,
  judgeClient,
  listedAddresses,
  usableKeys,
} from "@/lib/oidc/validate-client";
import {
  asRow,
  settingsOf,
  writeClientDeletion,
  writeClientSettings,
  writeClientStatus,
} from "@/lib/oidc/write-client";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";
import { CursorText, decodeCursor, encodeCursor } from "@/lib/shared/cursor";
import { keysetPage, type PageRequest, type Walk } from "@/lib/shared/keyset-page";

/** A client as it is shown: with everything but its secrets. */
export type Client = ShownClient;

const Place = z.strictObject({
  walk: z.enum(["next", "previous"]),
  name: CursorText,
  id: CursorText,
});

export type ClientListingResult =
  | {
      outcome: "listed";
      clients: Client[];
      nextCursor: string | null;
      previousCursor: string | null;
    }
  | { outcome: "rejected"; reason: "unknown-cursor" };

/** One page of the clients of this installation, by name; the program's own is not among them. */
export async function searchClients(
  caller: Caller,
  listing: ClientListing,
  { cursor, limit }: PageRequest,
): Promise<ClientListingResult> {
  await authorize(caller, CLIENT_PERMISSIONS.view);
  const place = cursor === undefined ? null : decodeCursor(cursor, Place);
  if (cursor !== undefined && place === null) {
    return { outcome: "rejected", reason: "unknown-cursor" };
  }
  const rows = await listShownClients(listing, place, limit + 1);
  const { items, next, previous } = keysetPage(rows, limit, place?.walk ?? null);
  const cursorAt = (client: Client | null, walk: Walk) =>
    client && encodeCursor({ walk, name: client.name, id: client.id });
  return {
    outcome: "listed",
    clients: items,
    nextCursor: cursorAt(next, "next"),
    previousCursor: cursorAt(previous, "previous"),
  };
}

/** One of them, or null when there is none. */
export async function findClient(caller: Caller, id: string): Promise<Client | null> {
  await authorize(caller, CLIENT_PERMISSIONS.view);
  return findShownClient(id);
}

/** What would end with a client: of how many users it holds something, and how many tokens are good now. */
export async function countClientHoldings(
  caller: Caller,
  id: string,
): Promise<{ users: number; tokens: number }> {
  await authorize(caller, CLIENT_PERMISSIONS.view);
  return countHoldings(id);
}

export type ClientRefusal =
  | { outcome: "not-found" }
  | { outcome: "rejected"; reason: "stale"; version: number }
  | { outcome: "rejected"; reason: "too-many-secrets" | "last-secret" | "keeps-no-secret" }
  /** What a client of a document is, is said by that alone. */
  | { outcome: "rejected"; reason: "described-by-document" }
  | InvalidClient
  | BeyondOwn;

export type ClientUpdate = { outcome: "changed"; client: Client } | ClientRefusal;

export interface ClientChange extends Partial<ClientSettings> {
  status?: "active" | "disabled" | undefined;
  /** For a client that signs: what verifies it from now on. */
  keys?: ClientKeys | undefined;
}

/**
 * Changes a client from its next request on, at `expectedVersion` if there is
 * one; all of it or nothing.
 *
 * A disabled client is unknown at once. What it holds ends with that, and nothing
 * of it comes back. It ends as well when a client is given less than before: a
 * scope, or the trust of a first-party one, whose users were not asked; and when it is given
 * an address by somebody who could not act as any of its users anyway: these are asked anew.
 * A pairwise client gets no address at another host than its users' names are for, unless
 * the list of its sector has it.
 */
export async function changeClient(
  caller: Caller,
  id: string,
  { status, keys, ...settings }: ClientChange,
  expectedVersion: number | null,
): Promise<ClientUpdate> {
  const { redirectUris } = settings;
  const listed = redirectUris === undefined ? [] : await askSector(caller, id, redirectUris);
  return changing<ClientRefusal>(caller, id, async (before, tx) => {
    if (expectedVersion !== null && expectedVersion !== before.version) {
      return { outcome: "rejected", reason: "stale", version: before.version };
    }
    const usable = keys === undefined ? null : await usableKeys(before.authMethod, keys);
    if (usable !== null && "outcome" in usable) return usable;
    const after = { ...settingsOf(before), ...definedOf(settings) };
    const edited = usable !== null || !isDeepStrictEqual(after, settingsOf(before));
    const switched = status !== undefined && (status === "disabled") !== isDisabled(before);
    if (edited && before.source === "document") {
      return { outcome: "rejected", reason: "described-by-document" };
    }
    const invalid = edited
      ? (judgeAddresses(before, after.redirectUris, listed) ??
        (await judgeClient(asRow({ ...before, ...after, ...usable }))))
      : null;
    if (invalid !== null) return invalid;
    // What only takes away needs no more than the permission: an incident waits for nobody.
    const terms = edited || (switched && status === "active") ? [before, after] : [];
    const beyond = await checkTrust(asCaller(caller), id, terms, tx);
    if (beyond !== null) return beyond;
    if (edited) await writeClientSettings(asCaller(caller), before, after, usable, tx);
    if (switched) await writeClientStatus(asCaller(caller), before, status, tx);
    return null;
  });
}

async function askSector(caller: Caller, id: string, redirectUris: string[]): Promise<string[]> {
  await authorize(caller, CLIENT_PERMISSIONS.manage);
  const client = await findShownClient(id);
  return client === null ? [] : listedAddresses(asRow(client), redirectUris);
}

export type ClientDeletion = { outcome: "deleted"; name: string } | ClientRefusal;

/** Deletes a client with its secrets and everything that it holds. */
export async function deleteClient(caller: Caller, id: string): Promise<ClientDeletion> {
  const result = await changing<ClientDeletion>(caller, id, async (before, tx) => {
    const { name } = before;
    const beyond = await checkTrust(asCaller(caller), id, [], tx);
    if (beyond !== null) return beyond;
    await writeClientDeletion(asCaller(caller), before, tx);
    return { outcome: "deleted", name };
  });
  return result.outcome === "changed" ? { outcome: "not-found" } : result;
}

/** Locks the client, lets `work` judge and change it, and answers with what it is then. */
export async function changing<T extends { outcome: string }>(
  caller: Caller,
  id: string,
  work: (before: Client, tx: Db) => Promise<T | null>,
): Promise<T | { outcome: "changed"; client: Client } | { outcome: "not-found" }> {
  await authorize(caller, CLIENT_PERMISSIONS.manage);
  return inTransaction(async (tx) => {
    await lockClient(id, tx);
    const before = await findShownClient(id, tx);
    if (before === null) return { outcome: "not-found" };
    const result = await work(before, tx);
    if (result !== null) return result;
    const client = await findShownClient(id, tx);
    return client === null ? { outcome: "not-found" } : { outcome: "changed", client };
  });
}

export const isDisabled = ({ disabledAt }: Pick<Client, "disabledAt">): boolean =>
  disabledAt !== null;

const definedOf = (change: Partial<ClientSettings>): Partial<ClientSettings> =>
  Object.fromEntries(
    Object.entries(change as Record<string, unknown>).filter(([, value]) => value !== undefined),
  );
