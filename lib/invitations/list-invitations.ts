import "server-only";
import { z } from "zod";
import { authorize } from "@/lib/authz/authorize";
import { type Invitation, listOpenInvitations } from "@/lib/invitations/invitation-store";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import { inTenant } from "@/lib/platform/db/tenant";
import type { Caller } from "@/lib/shared/caller";
import { CursorTime, decodeCursor, encodeCursor } from "@/lib/shared/cursor";
import { keysetPage, type PageRequest, type Walk } from "@/lib/shared/keyset-page";

const Place = z.strictObject({
  walk: z.enum(["next", "previous"]),
  createdAt: CursorTime,
  id: z.uuid(),
});

export type InvitationListing =
  | {
      outcome: "listed";
      invitations: Invitation[];
      nextCursor: string | null;
      previousCursor: string | null;
    }
  | { outcome: "not-found" }
  | { outcome: "rejected"; reason: "unknown-cursor" };

/** One page of the open invitations of the caller's own organization, newest first. */
export async function listInvitations(
  caller: Caller,
  organizationId: string,
  { cursor, limit }: PageRequest,
): Promise<InvitationListing> {
  await authorize(caller, ORGANIZATION_PERMISSIONS.view);
  if (organizationId !== caller.principal.organizationId) return { outcome: "not-found" };
  const place = cursor === undefined ? null : decodeCursor(cursor, Place);
  if (cursor !== undefined && place === null) {
    return { outcome: "rejected", reason: "unknown-cursor" };
  }
  const from = place && { ...place, createdAt: new Date(place.createdAt) };
  const rows = await inTenant(organizationId, (tenant) =>
    listOpenInvitations(organizationId, from, limit + 1, tenant),
  );
  const { items, next, previous } = keysetPage(rows, limit, place?.walk ?? null);
  const cursorAt = (invitation: Invitation | null, walk: Walk) =>
    invitation &&
    encodeCursor({ walk, createdAt: invitation.createdAt.toISOString(), id: invitation.id });
  return {
    outcome: "listed",
    invitations: items,
    nextCursor: cursorAt(next, "next"),
    previousCursor: cursorAt(previous, "previous"),
  };
}
