import "server-only";
import type { Authority, Operator } from "@/lib/authz/authority";
import { inGuardedChange, type Objector } from "@/lib/authz/guarded-change";
import { permissionTypes } from "@/lib/authz/permission-types";
import type { Db } from "@/lib/platform/db/client";
import { inPlace } from "@/lib/platform/db/tenant";
import { newId } from "@/lib/platform/id";
import { fitContent } from "@/lib/policies/fit-content";
import { type ListedPolicy, withShownVersions } from "@/lib/policies/list-policies";
import type { PolicyContent } from "@/lib/policies/policy.schema";
import { changedPolicy } from "@/lib/policies/policy-change";
import {
  findPolicyRow,
  listAllPolicyRows,
  listPolicyRows,
  listShownVersions,
  type PolicyRow,
  type VersionRow,
} from "@/lib/policies/policy-store";
import { type ForceChange, putInForce } from "@/lib/policies/put-in-force";
import {
  type VersionWriting,
  writeNewPolicy,
  writePolicyDeletion,
  writePolicyDescription,
  writeShadow,
  writeVersion,
} from "@/lib/policies/write-policy";
import type { RequestFacts } from "@/lib/shared/caller";

/** Nobody reads a longer list in a terminal. */
const POLICIES_MAX = 1_000;

/** Every policy of the installation, by name: for whoever operates the machine. */
export async function listPoliciesAsOperator(): Promise<ListedPolicy[]> {
  return inPlace(null, async (all) => {
    return withShownVersions(await listPolicyRows(null, null, POLICIES_MAX, all), null, all);
  });
}

/** Takes a policy out of force, whoever it has shut out: the way back when there is no other. */
export async function deactivatePolicyAsOperator(
  policyId: string,
  request: RequestFacts,
): Promise<ForceChange> {
  const authority: Authority = { kind: "operator", request };
  return inGuardedChange(authority, true, async (tx, object): Promise<ForceChange> => {
    const policy = await inPlace(null, (all) => findPolicyRow(policyId, null, all), tx);
    if (policy === null) return { outcome: "not-found" };
    return putInForce(authority, policy, null, object, tx);
  });
}

export interface PolicyWithVersions extends PolicyRow {
  active: VersionRow | null;
  shadow: VersionRow | null;
  newest: VersionRow;
}

/** Every policy of the installation with what is in force, in shadow and newest, by name. */
export const listPolicyVersionsAsOperator = (tx: Db): Promise<PolicyWithVersions[]> =>
  inPlace(
    null,
    async (all) => {
      const policies = await listAllPolicyRows(all);
      const ids = policies.map(({ id }) => id);
      const shown = ids.length === 0 ? [] : await listShownVersions(ids, null, all);
      return policies.map((policy) => {
        const versions = shown
          .filter(({ policyId }) => policyId === policy.id)
          .sort((a, b) => b.number - a.number);
        const find = (number: number | null) =>
          versions.find((version) => version.number === number) ?? null;
        const [newest] = versions;
        if (newest === undefined) throw new Error(`the policy ${policy.id} has no version`);
        return {
          ...policy,
          active: find(policy.activeNumber),
          shadow: find(policy.shadowNumber),
          newest,
        };
      });
    },
    tx,
  );

/** A version that is there, by its number, or one that is to be written. */
export type WantedVersion = number | PolicyContent;

export interface WantedPolicy {
  description: string;
  /** What is in force afterwards, and what is in shadow; with neither, what is the newest. */
  active: WantedVersion | null;
  shadow: WantedVersion | null;
  newest: WantedVersion | null;
}

export type PolicyWriteRejection =
  | Exclude<ForceChange, { outcome: "changed" }>
  | Exclude<VersionWriting, { outcome: "written" }>
  | NonNullable<Awaited<ReturnType<typeof writeNewPolicy>>>
  | NonNullable<Awaited<ReturnType<typeof writeShadow>>>;

/** Writes a policy down; what it says in force or in shadow is put there as well. */
export async function createPolicyAsOperator(
  operator: Operator,
  { organizationId, name }: Pick<PolicyRow, "organizationId" | "name">,
  { description, active, shadow, newest }: WantedPolicy,
  object: Objector,
  tx: Db,
): Promise<PolicyWriteRejection | null> {
  const first = active ?? shadow ?? newest;
  if (first === null || typeof first === "number") throw new Error("a new policy says nothing");
  const unfitting = fitContent(first, await permissionTypes(tx));
  if (unfitting !== null) return unfitting;
  const row = { id: newId(), organizationId, name, description };
  const taken = await writeNewPolicy(operator, row, first, tx);
  if (taken !== null) return taken;
  const { policy } = await changedPolicy(row, tx);
  const [forced, tried] = [active === null ? null : 1, active === null && shadow ? 1 : shadow];
  return stage(operator, policy, { active: forced, shadow: tried }, object, tx);
}

/** Makes a policy say and do exactly this. */
export async function changePolicyAsOperator(
  operator: Operator,
  policy: PolicyRow,
  wanted: WantedPolicy,
  object: Objector,
  tx: Db,
): Promise<PolicyWriteRejection | null> {
  const { description, newest } = wanted;
  const taken = await writePolicyDescription(
    operator,
    policy,
    { name: policy.name, description },
    tx,
  );
  if (taken !== null) return taken;
  if (newest !== null && typeof newest !== "number") {
    const written = await writeVersion(operator, policy, newest, tx);
    if (written.outcome === "rejected") return written;
  }
  return stage(operator, policy, wanted, object, tx);
}

/** Puts in force and in shadow what should be; a version that is not there is written. */
async function stage(
  operator: Operator,
  policy: PolicyRow,
  wanted: Pick<WantedPolicy, "active" | "shadow">,
  object: Objector,
  tx: Db,
): Promise<PolicyWriteRejection | null> {
  const numbers: (number | null)[] = [];
  for (const version of [wanted.active, wanted.shadow]) {
    if (version === null || typeof version === "number") numbers.push(version);
    else {
      const written = await writeVersion(operator, policy, version, tx);
      if (written.outcome === "rejected") return written;
      numbers.push(written.number);
    }
  }
  const [active = null, shadow = null] = numbers;
  const forced = await putInForce(operator, policy, active, object, tx);
  if (forced.outcome !== "changed") return forced;
  return writeShadow(operator, forced.policy, shadow, tx);
}

/** Takes a policy out of force and deletes it, with all its versions and counts. */
export async function deletePolicyAsOperator(
  operator: Operator,
  policy: PolicyRow,
  object: Objector,
  tx: Db,
): Promise<PolicyWriteRejection | null> {
  const ended = await putInForce(operator, policy, null, object, tx);
  if (ended.outcome !== "changed") return ended;
  return writePolicyDeletion(operator, ended.policy, tx);
}
