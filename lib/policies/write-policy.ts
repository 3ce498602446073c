import "server-only";
import { isDeepStrictEqual } from "node:util";
import { type Authority, recordBy } from "@/lib/authz/authority";
import { permissionTypes } from "@/lib/authz/permission-types";
import type { Db } from "@/lib/platform/db/client";
import { inPlace } from "@/lib/platform/db/tenant";
import { fitContent, type Unfitting } from "@/lib/policies/fit-content";
import type { PolicyContent } from "@/lib/policies/policy.schema";
import { findVersions, isPolicyNameTaken } from "@/lib/policies/policy-change";
import { describeVersion, diffVersions } from "@/lib/policies/policy-diff";
import {
  deletePolicyRow,
  findVersionRow,
  insertPolicyRow,
  insertVersionRow,
  newestNumber,
  type PolicyRow,
  updatePolicyRow,
} from "@/lib/policies/policy-store";

// What is judged by itself, written and recorded of a policy, whoever has judged that its author may.
// Each runs within a guarded change.

/** Nobody reads through more. */
const VERSIONS_MAX = 500;

const NAME_TAKEN = { outcome: "rejected", reason: "name-taken" } as const;
type NameTaken = typeof NAME_TAKEN;

const targetOf = (id: string) => ({ type: "policy", id });

/** Users alone have written something; the command line is nobody. */
const authorOf = (authority: Authority): string | null =>
  authority.kind === "caller" ? authority.caller.principal.userId : null;

type NewPolicyRow = Pick<PolicyRow, "id" | "organizationId" | "name" | "description">;

/** Writes a policy down as its first version; null when it was. */
export async function writeNewPolicy(
  authority: Authority,
  policy: NewPolicyRow,
  content: PolicyContent,
  tx: Db,
): Promise<NameTaken | null> {
  const { id, organizationId, name, description } = policy;
  const inserted = await inPlace(
    organizationId,
    async (db) => {
      if (await isPolicyNameTaken(policy, name, db)) return false;
      await insertPolicyRow({ id, organizationId, name, description }, db);
      await insertVersionRow(id, 1, content, authorOf(authority), db);
      return true;
    },
    tx,
  );
  if (!inserted) return NAME_TAKEN;
  const place = organizationId === null ? "instance" : "organization";
  const version = describeVersion({ number: 1, ...content });
  const after = { name, description, place, version };
  await recordBy(authority, { action: "policy.created", target: targetOf(id), after }, tx);
  return null;
}

/** Writes what a policy is called; null when it is called so then. */
export async function writePolicyDescription(
  authority: Authority,
  policy: PolicyRow,
  after: { name: string; description: string },
  tx: Db,
): Promise<NameTaken | null> {
  const before = { name: policy.name, description: policy.description };
  if (isDeepStrictEqual(before, after)) return null;
  const updated = await inPlace(
    policy.organizationId,
    async (place) => {
      if (await isPolicyNameTaken(policy, after.name, place)) return false;
      await updatePolicyRow(policy.id, after, place);
      return true;
    },
    tx,
  );
  if (!updated) return NAME_TAKEN;
  const target = targetOf(policy.id);
  await recordBy(authority, { action: "policy.updated", target, before, after }, tx);
  return null;
}

export type VersionWriting =
  | { outcome: "written"; number: number }
  | { outcome: "rejected"; reason: "unchanged" | "too-many-versions" }
  | Unfitting;

/** Writes a further version, once and for ever, where it fits and says something else than the newest. */
export async function writeVersion(
  authority: Authority,
  { id, organizationId }: Pick<PolicyRow, "id" | "organizationId">,
  content: PolicyContent,
  tx: Db,
): Promise<VersionWriting> {
  const unfitting = fitContent(content, await permissionTypes(tx));
  if (unfitting !== null) return unfitting;
  const { newest, before } = await inPlace(
    organizationId,
    async (place) => {
      const number = await newestNumber(id, place);
      return { newest: number, before: await findVersionRow(id, number, place) };
    },
    tx,
  );
  if (newest >= VERSIONS_MAX) return { outcome: "rejected", reason: "too-many-versions" };
  const diff = diffVersions(before, content);
  if (diff.length === 0) return { outcome: "rejected", reason: "unchanged" };
  const number = newest + 1;
  await inPlace(
    organizationId,
    async (place) => {
      await insertVersionRow(id, number, content, authorOf(authority), place);
      await updatePolicyRow(id, {}, place);
    },
    tx,
  );
  const event = {
    action: "policy.version_saved",
    target: targetOf(id),
    before: describeVersion(before),
    after: {
      ...describeVersion({ number, ...content }),
      ...(content.note === "" ? {} : { note: content.note }),
      diff: diff as never,
    },
  };
  await recordBy(authority, event, tx);
  return { outcome: "written", number };
}

/** Puts a version in shadow, or with null takes it out; null when that is so then. */
export async function writeShadow(
  authority: Authority,
  policy: PolicyRow,
  number: number | null,
  tx: Db,
): Promise<{ outcome: "rejected"; reason: "unknown-version" | "in-force" } | null> {
  if (number === policy.shadowNumber) return null;
  if (number !== null && number === policy.activeNumber) {
    return { outcome: "rejected", reason: "in-force" };
  }
  const [before, after] = await findVersions(policy, [policy.shadowNumber, number], tx);
  if (number !== null && after === null) return { outcome: "rejected", reason: "unknown-version" };
  const { id, organizationId } = policy;
  await inPlace(
    organizationId,
    (place) => updatePolicyRow(id, { shadowNumber: number }, place),
    tx,
  );
  const event = {
    action: number === null ? "policy.unshadowed" : "policy.shadowed",
    target: targetOf(id),
    before: describeVersion(before),
    after: { ...describeVersion(after), diff: diffVersions(before, after) as never },
  };
  await recordBy(authority, event, tx);
  return null;
}

/** Deletes a policy that is not in force, with all its versions and counts; null when it is gone. */
export async function writePolicyDeletion(
  authority: Authority,
  { id, organizationId, name, description, activeNumber }: PolicyRow,
  tx: Db,
): Promise<{ outcome: "rejected"; reason: "in-force" } | null> {
  if (activeNumber !== null) return { outcome: "rejected", reason: "in-force" };
  const newest = await inPlace(
    organizationId,
    async (place) => {
      const version = await findVersionRow(id, await newestNumber(id, place), place);
      await deletePolicyRow(id, place);
      return version;
    },
    tx,
  );
  const before = { name, description, version: describeVersion(newest) };
  await recordBy(authority, { action: "policy.deleted", target: targetOf(id), before }, tx);
  return null;
}
