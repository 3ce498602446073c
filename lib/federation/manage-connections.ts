import "server-only";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { inHeldChange } from "@/lib/authz/held-change";
import type { ConnectionChange, ConnectionInput } from "@/lib/federation/connection.schema";
import {
  type ConnectionRow,
  countIdentitiesAt,
  findConnectionRow,
  isOnlyWayInto,
  listConnectionRows,
  lockConnection,
} from "@/lib/federation/managed-connection-store";
import { CONNECTION_PERMISSIONS } from "@/lib/federation/permissions";
import { deletePendingOf, deleteUpstreamOf } from "@/lib/federation/upstream-session-store";
import {
  type ConnectionWriting,
  listLockedOut,
  sealedSecret,
  shownOf,
  switchedTo,
  writeConnection,
  writeNewConnection,
} from "@/lib/federation/write-connection";
import type { Db } from "@/lib/platform/db/client";
import { isUniqueViolation } from "@/lib/platform/db/errors";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { isId } from "@/lib/shared/id.schema";

/** A connection as it is shown to whoever runs it: with everything but its secret. */
export interface Connection extends ConnectionRow {
  /** People who sign in with it. */
  identities: number;
}

/** The connections of the caller's organization. */
export async function listConnections(caller: Caller): Promise<Connection[]> {
  await authorize(caller, CONNECTION_PERMISSIONS.view);
  const rows = await listConnectionRows(caller.principal.organizationId);
  return Promise.all(rows.map((row) => counted(row)));
}

/** One of them, or null when the organization has no such connection (ATK-43). */
export async function findConnection(caller: Caller, id: string): Promise<Connection | null> {
  await authorize(caller, CONNECTION_PERMISSIONS.view);
  const row = isId(id) ? await findConnectionRow(id, caller.principal.organizationId) : null;
  return row && counted(row);
}

const counted = async (row: ConnectionRow): Promise<Connection> => ({
  ...row,
  identities: await countIdentitiesAt(row.slug),
});

export type ConnectionCreation =
  | { outcome: "created"; id: string }
  | { outcome: "rejected"; reason: "slug-taken" };

/** Sets a connection up, switched off: it is tested first. */
export async function createConnection(
  caller: Caller,
  { clientSecret, ...input }: ConnectionInput,
): Promise<ConnectionCreation> {
  await authorize(caller, CONNECTION_PERMISSIONS.manage);
  const id = newId();
  const { organizationId } = caller.principal;
  const sealed = sealedSecret(id, clientSecret);
  try {
    return await inHeldChange(caller, CONNECTION_PERMISSIONS.manage, async (tx) => {
      await writeNewConnection(asCaller(caller), { ...input, id, organizationId }, sealed, tx);
      return { outcome: "created", id };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return { outcome: "rejected", reason: "slug-taken" };
    throw error;
  }
}

export type ConnectionRefusal =
  | { outcome: "not-found" }
  | { outcome: "rejected"; reason: "stale" }
  /** Another issuer is another provider: whoever is known to it is nobody known to us. */
  | { outcome: "rejected"; reason: "issuer-in-use"; identities: number }
  /** The secret that is here is for the present issuer, and no other is sent it. */
  | { outcome: "rejected"; reason: "secret-needed" }
  /** The organization is opened only through its connections, and this is the last that is on (F86). */
  | { outcome: "rejected"; reason: "only-way-into-organization" }
  /** `own` is the caller's only way in, too: that is refused, whatever they confirm. */
  | { outcome: "rejected"; reason: "last-way-in"; users: number; own: boolean };

export type ConnectionUpdate =
  | { outcome: "changed"; connection: ConnectionRow }
  | ConnectionRefusal;

/**
 * Changes a connection from the next request on. Its issuer stays once people
 * sign in with it: the same subject at another issuer is somebody else (ATK-11). Before that it
 * changes together with the secret: the one that is here, which nobody can read, is sent to no
 * issuer but the one that gave it.
 */
export function changeConnection(
  caller: Caller,
  id: string,
  { name, issuer, clientId, authMethod, scopes, domains, clientSecret }: ConnectionChange,
  expectedVersion: number,
): Promise<ConnectionUpdate> {
  const { organizationId } = caller.principal;
  const change = { name, issuer, clientId, authMethod, scopes, domains };
  const secret = clientSecret !== undefined && {
    clientSecret: sealedSecret(id, clientSecret),
  };
  return updating(caller, id, expectedVersion, async (before, tx) => {
    if (change.issuer !== before.issuer) {
      const identities = await countIdentitiesAt(before.slug, tx);
      if (identities > 0) return { outcome: "rejected", reason: "issuer-in-use", identities };
      if (!secret) return { outcome: "rejected", reason: "secret-needed" };
      // Whoever came through it is held from then on, and nobody is known to the other issuer.
      if (before.enabled && (await isOnlyWayInto({ id, organizationId }, tx))) {
        return { outcome: "rejected", reason: "only-way-into-organization" };
      }
      await deleteUpstreamOf(before.slug, tx);
    }
    return {
      data: { ...change, ...secret },
      action: "connection.updated",
      before: shownOf(before),
      after: { ...shownOf({ ...before, ...change }), ...(secret && { secretReplaced: true }) },
    };
  });
}

/** Puts a new secret in place of the former one, of which nothing is kept. */
export function replaceSecret(
  caller: Caller,
  id: string,
  clientSecret: string,
  expectedVersion: number,
): Promise<ConnectionUpdate> {
  const sealed = sealedSecret(id, clientSecret);
  return updating(caller, id, expectedVersion, async () => ({
    data: { clientSecret: sealed },
    action: "connection.secret_replaced",
  }));
}

/** Offers a connection on the sign-in page, or takes it away; whoever is under way is refused (ATK-16). */
export function switchConnection(
  caller: Caller,
  id: string,
  enabled: boolean,
  { expectedVersion, confirmed }: { expectedVersion: number; confirmed: boolean },
): Promise<ConnectionUpdate> {
  const { organizationId } = caller.principal;
  return updating(caller, id, expectedVersion, async (before, tx) => {
    const lockout = enabled ? null : await findLockout(caller, before.slug, confirmed, tx);
    if (lockout !== null) return lockout;
    if (!enabled && (await isOnlyWayInto({ id, organizationId }, tx))) {
      return { outcome: "rejected", reason: "only-way-into-organization" };
    }
    if (!enabled) await deletePendingOf(before.slug, tx);
    return switchedTo(before, enabled);
  });
}

async function updating(
  caller: Caller,
  id: string,
  expectedVersion: number,
  decide: (before: ConnectionRow, tx: Db) => Promise<ConnectionWriting | ConnectionRefusal>,
): Promise<ConnectionUpdate> {
  await authorize(caller, CONNECTION_PERMISSIONS.manage);
  const { organizationId } = caller.principal;
  return inHeldChange(
    caller,
    CONNECTION_PERMISSIONS.manage,
    async (tx): Promise<ConnectionUpdate> => {
      // Whoever signs up through it meanwhile is waited for, and counted (ATK-11).
      await lockConnection(id, organizationId, tx);
      const before = await findConnectionRow(id, organizationId, tx);
      if (before === null) return { outcome: "not-found" };
      const change = await decide(before, tx);
      if ("outcome" in change) return change;
      if (!(await writeConnection(asCaller(caller), id, expectedVersion, change, tx))) {
        return { outcome: "rejected", reason: "stale" };
      }
      const connection = await findConnectionRow(id, organizationId, tx);
      return connection === null ? { outcome: "not-found" } : { outcome: "changed", connection };
    },
  );
}

/** Who could not get in any more without this provider, unless that is accepted; never the caller. */
export async function findLockout(
  caller: Caller,
  slug: string,
  confirmed: boolean,
  tx?: Db,
): Promise<Extract<ConnectionRefusal, { reason: "last-way-in" }> | null> {
  const users = await listLockedOut(slug, tx);
  const own = users.includes(caller.principal.userId);
  return own || (users.length > 0 && !confirmed)
    ? { outcome: "rejected", reason: "last-way-in", users: users.length, own }
    : null;
}
