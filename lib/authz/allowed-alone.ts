import "server-only";
import { listAllowsFor, listWordsOf } from "@/lib/authz/allowed-alone-store";
import type { Holding } from "@/lib/authz/holdings";
import { meetingOf } from "@/lib/authz/own-holdings";
import type { Db } from "@/lib/platform/db/client";
import type { Principal } from "@/lib/shared/principal";

/**
 * What policies in force allow the user because of who they are, and not the author as well: who
 * acts on the user acts on somebody who may do this (ATK-42). A policy that the user's id, roles,
 * teams or domain are named in counts, whatever else it asks for.
 */
export async function listAllowedAlone(
  userId: string,
  author: Principal,
  db: Db,
): Promise<Holding[]> {
  const policies = await listAllowsFor(userId, author.userId, db);
  if (policies.length === 0) return [];
  const words = await listWordsOf(userId, db);
  const isMet = await meetingOf(author, db);
  const alone: Holding[] = [];
  for (const { organizationId, permissions, condition, reachesAuthor } of policies) {
    const text = JSON.stringify(condition).toLowerCase();
    if (!words.some((word) => text.includes(JSON.stringify(word)))) continue;
    if (reachesAuthor && isMet(condition, organizationId)) continue;
    for (const permissionKey of permissions) {
      alone.push({ permissionKey, condition: null, organizationId });
    }
  }
  return alone;
}
