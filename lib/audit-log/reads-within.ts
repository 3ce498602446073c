import "server-only";
import { AUDIT_PERMISSIONS } from "@/lib/audit/permissions";
import { authorize } from "@/lib/authz/authorize";
import { holdsOnInstance } from "@/lib/authz/holds-on-instance";
import type { Caller } from "@/lib/shared/caller";

/** Null for whoever reads of everything; else the organization in which the caller reads (F81). */
export async function readsWithin(caller: Caller): Promise<string | null> {
  await authorize(caller, AUDIT_PERMISSIONS.view);
  const { principal } = caller;
  return (await holdsOnInstance(principal, AUDIT_PERMISSIONS.view))
    ? null
    : principal.organizationId;
}
