import "server-only";
import type { Db, ListDb, ReplicaDb } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";

declare const ofOnePlace: unique symbol;
declare const behindTheWall: unique symbol;

/**
 * A transaction for one place: an organization, or what counts in all of them. What a store asks of
 * such things takes this, and there is no other way to one than {@link inTenant} and {@link inPlace}.
 */
export type PlaceDb = Db & { readonly [ofOnePlace]: true };
/**
 * A transaction that sees and changes rows of one organization alone. What a store asks for one
 * organization takes this, so that nobody can ask it in front of the wall.
 */
export type TenantDb = PlaceDb & { readonly [behindTheWall]: true };
/** Neither of those, for what goes behind the wall by itself: within one there is nothing to go behind. */
export type OpenDb = Db & { readonly [ofOnePlace]?: never };

/**
 * Runs `work` where PostgreSQL shows and changes rows of this organization alone, whatever its
 * statements ask for (F81): it adds the condition that one of them may have forgotten. That is a
 * transaction of its own, or a part of `tx`, before and after which what takes the whole
 * installation to judge is asked. Role and organization end with the part or the transaction, so
 * that nothing of them is left to whoever gets the connection next, also behind a pooler. When
 * `work` throws, the transaction is over: whoever goes on in it is still behind the wall.
 */
export function inTenant<T>(
  organizationId: string,
  work: (tx: TenantDb) => Promise<T>,
  tx?: OpenDb | ReplicaDb,
): Promise<T> {
  if (tx === undefined) return inTransaction((own) => enter(organizationId, work, own));
  return enterForAPart(organizationId, work, tx);
}

/**
 * The same for what is an organization's or, with null, the whole installation's: that no wall is
 * around, and who may do what to it is asked of the installation.
 */
export function inPlace<T>(
  organizationId: string | null,
  work: (tx: PlaceDb) => Promise<T>,
  tx?: OpenDb,
): Promise<T> {
  if (organizationId !== null) return inTenant(organizationId, work, tx);
  const here = (own: Db) => work(own as PlaceDb);
  return tx === undefined ? inTransaction(here) : here(tx);
}

/** Transactions that are behind the wall now. */
const entered = new WeakSet<object>();

/** Throws when the transaction is behind it already: the first part to end would open it for both. */
async function enter<T>(organizationId: string, work: (tx: TenantDb) => Promise<T>, tx: ListDb) {
  if (entered.has(tx)) throw new Error("a transaction was behind the wall twice at once");
  entered.add(tx);
  try {
    await tx.$queryRaw`
      SELECT set_config('role', tenant_role(), true),
             set_config('gatehouse.organization', ${organizationId}::uuid::text, true)`;
    return await work(tx as TenantDb);
  } finally {
    entered.delete(tx);
  }
}

async function enterForAPart<T>(
  organizationId: string,
  work: (tx: TenantDb) => Promise<T>,
  tx: ListDb,
): Promise<T> {
  const result = await enter(organizationId, work, tx);
  await tx.$queryRaw`
    SELECT set_config('role', 'none', true), set_config('gatehouse.organization', '', true)`;
  return result;
}
