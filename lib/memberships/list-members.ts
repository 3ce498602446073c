import "server-only";
import { z } from "zod";
import { authorize } from "@/lib/authz/authorize";
import { listMemberRows, type Member } from "@/lib/memberships/membership-store";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { inTenant } from "@/lib/platform/db/tenant";
import type { Caller } from "@/lib/shared/caller";
import { CursorTime, decodeCursor, encodeCursor } from "@/lib/shared/cursor";
import { keysetPage, type PageRequest, type Walk } from "@/lib/shared/keyset-page";

export type { Member };

const Place = z.strictObject({
  walk: z.enum(["next", "previous"]),
  joinedAt: CursorTime,
  userId: z.uuid(),
});

export type MemberListing =
  | {
      outcome: "listed";
      members: Member[];
      nextCursor: string | null;
      previousCursor: string | null;
    }
  | { outcome: "not-found" }
  | { outcome: "rejected"; reason: "unknown-cursor" };

/** One page of the members of the caller's own organization; every other one is not there (ATK-43). */
export async function listMembers(
  caller: Caller,
  organizationId: string,
  { q }: { q?: string | undefined },
  { cursor, limit }: PageRequest,
): Promise<MemberListing> {
  await authorize(caller, ORGANIZATION_PERMISSIONS.view);
  if (organizationId !== caller.principal.organizationId) return { outcome: "not-found" };
  const place = cursor === undefined ? null : decodeCursor(cursor, Place);
  if (cursor !== undefined && place === null) {
    return { outcome: "rejected", reason: "unknown-cursor" };
  }
  const from = place && { ...place, joinedAt: new Date(place.joinedAt) };
  const rows = await inTenant(organizationId, (tenant) =>
    listMemberRows(organizationId, q, from, limit + 1, tenant),
  );
  const { items, next, previous } = keysetPage(rows, limit, place?.walk ?? null);
  const cursorAt = (member: Member | null, walk: Walk) =>
    member &&
    encodeCursor({ walk, joinedAt: member.joinedAt.toISOString(), userId: member.userId });
  return {
    outcome: "listed",
    members: items,
    nextCursor: cursorAt(next, "next"),
    previousCursor: cursorAt(previous, "previous"),
  };
}
