import "server-only";
import { type Authority, recordBy } from "@/lib/authz/authority";
import {
  deleteOrganizationRow,
  findObstacles,
  findOrganizationRow,
  insertOrganization,
  lockOrganization,
  type Obstacles,
  type OrganizationRow,
  updateOrganization,
} from "@/lib/organizations/organization-store";
import type { SignInRules } from "@/lib/organizations/sign-in-rules.schema";
import { saveRules, type VersionedRules } from "@/lib/organizations/sign-in-rules-store";
import type { Db } from "@/lib/platform/db/client";
import { endSessionsOfOrganization } from "@/lib/sessions/revoke-sessions";

// What is written and recorded of an organization, whoever has judged that its author may.

const targetOf = (id: string) => ({ type: "organization", id });

/** Writes a new organization. Throws a unique violation where its slug is taken. */
export async function writeNewOrganization(
  authority: Authority,
  organization: { id: string; name: string; slug: string },
  firstMemberId: string | null,
  tx: Db,
): Promise<OrganizationRow> {
  const { id, name, slug } = organization;
  await insertOrganization(organization, firstMemberId, tx);
  const after = { name, slug };
  await recordBy(authority, { action: "organization.created", target: targetOf(id), after }, tx);
  const row = await findOrganizationRow(id, tx);
  if (row === null) throw new Error("an organization was not there after its creation");
  return row;
}

/** Writes another name or slug; null when it is not as it was read any more. Throws as above. */
export async function writeOrganizationName(
  authority: Authority,
  before: OrganizationRow,
  change: { name?: string | undefined; slug?: string | undefined },
  expectedVersion: number,
  tx: Db,
): Promise<OrganizationRow | null> {
  const { id } = before;
  if (!(await updateOrganization(id, change, expectedVersion, tx))) return null;
  const row = await findOrganizationRow(id, tx);
  if (row === null) throw new Error("an organization was not there after its change");
  const event = {
    action: "organization.changed",
    target: targetOf(id),
    before: { name: before.name, slug: before.slug },
    after: { name: row.name, slug: row.slug },
  };
  await recordBy(authority, event, tx);
  return row;
}

/** Writes other rules of sign-in; false when they are not of this version any more. */
export async function writeSignInRules(
  authority: Authority,
  organizationId: string,
  before: VersionedRules,
  rules: SignInRules,
  expectedVersion: number,
  tx: Db,
): Promise<boolean> {
  if (!(await saveRules(organizationId, rules, expectedVersion, tx))) return false;
  const event = {
    action: "organization.sign_in_rules_changed",
    target: targetOf(organizationId),
    before: { ...before.rules },
    after: { ...rules },
  };
  await recordBy(authority, event, tx);
  return true;
}

const stands = ({ isDefault, ...counts }: Obstacles): boolean =>
  isDefault || Object.values(counts).some((count) => count > 0);

/** What stands in the way of deleting it, in the organization as nobody changes it meanwhile. */
export async function refuseDeletion(
  id: string,
  tx: Db,
): Promise<{ outcome: "rejected"; reason: "obstructed"; obstacles: Obstacles } | null> {
  await lockOrganization(id, tx);
  const obstacles = await findObstacles(id, tx);
  return stands(obstacles) ? { outcome: "rejected", reason: "obstructed", obstacles } : null;
}

/** Deletes an organization that nothing hangs on, with memberships, roles, invitations and sessions in it. */
export async function writeOrganizationDeletion(
  authority: Authority,
  { id, name, slug, memberCount }: OrganizationRow,
  tx: Db,
): Promise<void> {
  const sessionCount = await endSessionsOfOrganization(id, tx);
  await deleteOrganizationRow(id, tx);
  const before = { name, slug, memberCount, sessionCount };
  await recordBy(authority, { action: "organization.deleted", target: targetOf(id), before }, tx);
}
