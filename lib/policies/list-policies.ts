import "server-only";
import { z } from "zod";
import { authorize } from "@/lib/authz/authorize";
import { POLICY_PERMISSIONS } from "@/lib/policies/permissions";
import {
  findPolicyRow,
  listPolicyRows,
  listShadowCountRows,
  listShownVersions,
  listVersionRows,
  type PolicyRow,
  type ShadowCountRow,
  type VersionRow,
} from "@/lib/policies/policy-store";
import type { Caller } from "@/lib/shared/caller";
import { CursorText, decodeCursor, encodeCursor } from "@/lib/shared/cursor";
import { keysetPage, type PageRequest, type Walk } from "@/lib/shared/keyset-page";

export type { PolicyRow, ShadowCountRow, VersionRow };

/** What a list shows of a policy: the version in force, else the newest. */
export interface ListedPolicy extends PolicyRow {
  shown: VersionRow;
  newestNumber: number;
}

export interface PolicyDetails {
  policy: PolicyRow;
  /** Newest first. */
  versions: VersionRow[];
  /** By day, newest first: what a version in shadow would have changed. */
  shadowCounts: ShadowCountRow[];
}

const Place = z.strictObject({
  walk: z.enum(["next", "previous"]),
  name: CursorText,
  id: z.uuid(),
});

/** Days and permissions, at most; older counts are of nobody's interest. */
const SHADOW_COUNTS_MAX = 200;

export type PolicyListing =
  | {
      outcome: "listed";
      policies: ListedPolicy[];
      nextCursor: string | null;
      previousCursor: string | null;
    }
  | { outcome: "rejected"; reason: "unknown-cursor" };

/** One page of the policies that count in the caller's organization, by name. */
export async function listPolicies(
  caller: Caller,
  { cursor, limit }: PageRequest,
): Promise<PolicyListing> {
  await authorize(caller, POLICY_PERMISSIONS.view);
  const place = cursor === undefined ? null : decodeCursor(cursor, Place);
  if (cursor !== undefined && place === null) {
    return { outcome: "rejected", reason: "unknown-cursor" };
  }
  const { organizationId } = caller.principal;
  const rows = await listPolicyRows(organizationId, place, limit + 1);
  const { items, next, previous } = keysetPage(rows, limit, place?.walk ?? null);
  const cursorAt = (policy: PolicyRow | null, walk: Walk) =>
    policy && encodeCursor({ walk, name: policy.name, id: policy.id });
  return {
    outcome: "listed",
    policies: await withShownVersions(items, organizationId),
    nextCursor: cursorAt(next, "next"),
    previousCursor: cursorAt(previous, "previous"),
  };
}

/** A policy that was just read and lost its versions since is gone, and not in the list. */
export async function withShownVersions(
  policies: PolicyRow[],
  organizationId: string | null,
): Promise<ListedPolicy[]> {
  const versions = await listShownVersions(
    policies.map(({ id }) => id),
    organizationId,
  );
  return policies.flatMap((policy) => {
    const own = versions.filter(({ policyId }) => policyId === policy.id);
    const newestNumber = Math.max(0, ...own.map(({ number }) => number));
    const wanted = policy.activeNumber ?? newestNumber;
    const shown = own.find(({ number }) => number === wanted);
    return shown === undefined ? [] : [{ ...policy, shown, newestNumber }];
  });
}

/** The policy with its versions, or null when there is none that counts here (ATK-43). */
export async function findPolicy(caller: Caller, policyId: string): Promise<PolicyDetails | null> {
  await authorize(caller, POLICY_PERMISSIONS.view);
  const { organizationId } = caller.principal;
  const policy = await findPolicyRow(policyId, organizationId);
  if (policy === null) return null;
  const [versions, shadowCounts] = await Promise.all([
    listVersionRows(policyId, organizationId),
    listShadowCountRows(policyId, SHADOW_COUNTS_MAX),
  ]);
  return { policy, versions, shadowCounts };
}
