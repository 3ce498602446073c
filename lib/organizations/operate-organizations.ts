import "server-only";
import type { Operator } from "@/lib/authz/authority";
import {
  listAllOrganizationRows,
  type Obstacles,
  type OrganizationRow,
} from "@/lib/organizations/organization-store";
import type { SignInRules } from "@/lib/organizations/sign-in-rules.schema";
import {
  findRules,
  hasOwnConnection,
  type VersionedRules,
} from "@/lib/organizations/sign-in-rules-store";
import {
  refuseDeletion,
  writeNewOrganization,
  writeOrganizationDeletion,
  writeOrganizationName,
  writeSignInRules,
} from "@/lib/organizations/write-organization";
import type { Db } from "@/lib/platform/db/client";

// Organizations as whoever operates the machine changes them, each within a guarded change.

export interface OperatedOrganization extends OrganizationRow {
  signIn: VersionedRules;
}

/** Every organization with its rules of sign-in, by its short name. */
export async function listOrganizationsAsOperator(tx: Db): Promise<OperatedOrganization[]> {
  const organizations: OperatedOrganization[] = [];
  for (const row of await listAllOrganizationRows(tx)) {
    organizations.push({ ...row, signIn: await findRules(row.id, tx) });
  }
  return organizations;
}

export type OrganizationWriteRejection =
  | { outcome: "rejected"; reason: "stale" }
  /** Nobody could come in: the organization has no connection that is switched on. */
  | { outcome: "rejected"; reason: "no-connection" }
  | { outcome: "rejected"; reason: "obstructed"; obstacles: Obstacles };

const STALE = { outcome: "rejected", reason: "stale" } as const;

/** Creates an organization without members. */
export async function createOrganizationAsOperator(
  operator: Operator,
  organization: { id: string; slug: string; name: string },
  tx: Db,
): Promise<void> {
  await writeNewOrganization(operator, organization, null, tx);
}

/** Gives an organization another name, if it is as it was read. */
export async function renameOrganizationAsOperator(
  operator: Operator,
  organization: OrganizationRow,
  name: string,
  tx: Db,
): Promise<OrganizationWriteRejection | null> {
  const { version } = organization;
  const row = await writeOrganizationName(operator, organization, { name }, version, tx);
  return row === null ? STALE : null;
}

/** Changes what an organization asks of a sign-in; they bite on everybody's next request (F20). */
export async function setSignInRulesAsOperator(
  operator: Operator,
  organizationId: string,
  rules: SignInRules,
  tx: Db,
): Promise<OrganizationWriteRejection | null> {
  const before = await findRules(organizationId, tx);
  const closes = rules.ssoRequired && !before.rules.ssoRequired;
  if (closes && !(await hasOwnConnection(organizationId, tx))) {
    return { outcome: "rejected", reason: "no-connection" };
  }
  const { version } = before;
  return (await writeSignInRules(operator, organizationId, before, rules, version, tx))
    ? null
    : STALE;
}

/** Deletes an organization that nothing hangs on. */
export async function deleteOrganizationAsOperator(
  operator: Operator,
  organization: OrganizationRow,
  tx: Db,
): Promise<OrganizationWriteRejection | null> {
  const obstructed = await refuseDeletion(organization.id, tx);
  if (obstructed !== null) return obstructed;
  await writeOrganizationDeletion(operator, organization, tx);
  return null;
}
