import "server-only";
import { AUDIT_PERMISSIONS } from "@/lib/audit/permissions";
import { asCaller } from "@/lib/authz/authority";
import { holdsOnInstance } from "@/lib/authz/holds-on-instance";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";
import type { Reach } from "@/lib/webhooks/endpoint-store";
import { WEBHOOK_PERMISSIONS } from "@/lib/webhooks/permissions";

/** Whose endpoints the caller reaches by this permission. */
export async function reachOf({ principal }: Caller, permission: Permission): Promise<Reach> {
  return {
    organizationId: principal.organizationId,
    instance: await holdsOnInstance(principal, permission),
  };
}

export const asWebhook = (id: string) => ({ type: "webhook", id });

/**
 * Null when the caller manages webhooks there now. Who decides where events go, or which, also has
 * to hold the right to read them there, and for good: an endpoint goes on telling when the hour is
 * over for which somebody was given it (ATK-42).
 */
export const checkMayManage = (
  caller: Caller,
  id: string,
  organizationId: string | null,
  { reads }: { reads: boolean },
  tx: Db,
): Promise<BeyondOwn | null> =>
  checkWithinOwn(
    asCaller(caller),
    WEBHOOK_PERMISSIONS.manage,
    [
      {
        permissionKey: WEBHOOK_PERMISSIONS.manage.key,
        condition: null,
        organizationId,
        until: new Date(0),
      },
      ...(reads
        ? [{ permissionKey: AUDIT_PERMISSIONS.view.key, condition: null, organizationId }]
        : []),
    ],
    asWebhook(id),
    tx,
  );
