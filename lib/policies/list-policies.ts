import "server-only";
import { z } from "zod";
import { authorize } from "@/lib/authz/authorize";
import { inTenant, type PlaceDb } from "@/lib/platform/db/tenant";
import { POLICY_PERMISSIONS } from "@/lib/policies/permissions";
import {
  findPolicyRow,
  listPoliciesCalled,
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
  const { policies, next, previous } = await inTenant(organizationId, async (tenant) => {
    const rows = await listPolicyRows(organizationId, place, limit + 1, tenant);
    const { items, ...around } = keysetPage(rows, limit, place?.walk ?? null);
    return { ...around, policies: await withShownVersions(items, organizationId, tenant) };
  });
  const cursorAt = (policy: PolicyRow | null, walk: Walk) =>
    policy && encodeCursor({ walk, name: policy.name, id: policy.id });
  return {
    outcome: "listed",
    policies,
    nextCursor: cursorAt(next, "next"),
    previousCursor: cursorAt(previous, "previous"),
  };
}

/** The first of the policies that count in the caller's organization and are called so, by name. */
export async function searchPolicies(
  caller: Caller,
  q: string,
  countMax: number,
): Promise<{ id: string; name: string }[]> {
  await authorize(caller, POLICY_PERMISSIONS.view);
  const { organizationId } = caller.principal;
  return inTenant(organizationId, (tenant) =>
    listPoliciesCalled(q, organizationId, countMax, tenant),
  );
}

/** A policy that was just read and lost its versions since is gone, and not in the list. */
export async function withShownVersions(
  policies: PolicyRow[],
  organizationId: string | null,
  db: PlaceDb,
): Promise<ListedPolicy[]> {
  const ids = policies.map(({ id }) => id);
  const versions = await listShownVersions(ids, organizationId, db);
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
  return inTenant(organizationId, async (tenant) => {
    const policy = await findPolicyRow(policyId, organizationId, tenant);
    if (policy === null) return null;
    const versions = await listVersionRows(policyId, organizationId, tenant);
    const shadowCounts = await listShadowCountRows(policyId, SHADOW_COUNTS_MAX, tenant);
    return { policy, versions, shadowCounts };
  });
}
