import "server-only";
import { z } from "zod";
import { authorize, authorizeToOffer } from "@/lib/authz/authorize";
import { can } from "@/lib/authz/decide";
import {
  findOrganizationRow,
  listOrganizationRows,
  listOrganizationsOf,
  type OrganizationRow,
  type OwnOrganization,
} from "@/lib/organizations/organization-store";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import type { Db } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import { CursorText, decodeCursor, encodeCursor } from "@/lib/shared/cursor";
import { keysetPage, type PageRequest, type Walk } from "@/lib/shared/keyset-page";
import { onlyPlaceOf } from "@/lib/shared/principal";

export type Organization = OrganizationRow;
export type { OwnOrganization };

const Place = z.strictObject({
  walk: z.enum(["next", "previous"]),
  name: CursorText,
  id: z.uuid(),
});

export type OrganizationListing =
  | {
      outcome: "listed";
      organizations: Organization[];
      nextCursor: string | null;
      previousCursor: string | null;
    }
  | { outcome: "rejected"; reason: "unknown-cursor" };

/** One page of all organizations, by name: for whoever manages them on the whole instance. */
export async function listOrganizations(
  caller: Caller,
  { q }: { q?: string | undefined },
  { cursor, limit }: PageRequest,
): Promise<OrganizationListing> {
  await authorizeToOffer(caller, ORGANIZATION_PERMISSIONS.manage);
  const place = cursor === undefined ? null : decodeCursor(cursor, Place);
  if (cursor !== undefined && place === null) {
    return { outcome: "rejected", reason: "unknown-cursor" };
  }
  const rows = await listOrganizationRows(q, place, limit + 1);
  const { items, next, previous } = keysetPage(rows, limit, place?.walk ?? null);
  const cursorAt = (row: Organization | null, walk: Walk) =>
    row && encodeCursor({ walk, name: row.name, id: row.id });
  return {
    outcome: "listed",
    organizations: items,
    nextCursor: cursorAt(next, "next"),
    previousCursor: cursorAt(previous, "previous"),
  };
}

/** Whether the caller manages every organization there is. Asking is no refusal. */
export const managesOrganizations = (caller: Caller): Promise<boolean> =>
  can(caller, ORGANIZATION_PERMISSIONS.manage);

/**
 * The caller's own organization, and any other for whoever manages all of them; null for everybody
 * else's, as for none (ATK-43).
 */
export async function findOrganization(caller: Caller, id: string): Promise<Organization | null> {
  await authorize(caller, ORGANIZATION_PERMISSIONS.view);
  const visible = id === caller.principal.organizationId || (await managesOrganizations(caller));
  return visible ? findOrganizationRow(id) : null;
}

/** More than anybody switches between. */
const OWN_MAX = 100;

/** Where the caller's user is a member, by name; needs no permission. */
export async function listOwnOrganizations(
  { principal }: Caller,
  tx?: Db,
): Promise<OwnOrganization[]> {
  const all = await listOrganizationsOf(principal.userId, OWN_MAX, tx);
  const { organizationId: only } = onlyPlaceOf(principal);
  return only === undefined ? all : all.filter(({ id }) => id === only);
}

/**
 * Where a user is a member, by name, as far as the caller sees organizations: everywhere for whoever
 * manages all of them, else in their own alone (ATK-43). Whoever calls this has asked who may see the user.
 */
export async function listOrganizationsOfUser(
  caller: Caller,
  userId: string,
): Promise<OwnOrganization[]> {
  const found = await listOrganizationsOf(userId, OWN_MAX);
  return (await managesOrganizations(caller))
    ? found
    : found.filter(({ id }) => id === caller.principal.organizationId);
}
