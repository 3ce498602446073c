import "server-only";
import type { Operator } from "@/lib/authz/authority";
import type { Branding } from "@/lib/branding/branding.schema";
import { findBranding, type VersionedBranding } from "@/lib/branding/branding-store";
import { writeBranding } from "@/lib/branding/write-branding";
import type { Db } from "@/lib/platform/db/client";
import { inTenant } from "@/lib/platform/db/tenant";

// Looks as whoever operates the machine changes them, each within a guarded change. Logos are files,
// and no part of a configuration.

export type { VersionedBranding };

/** Name and colour of an organization; neither, at version 0, where nothing was ever chosen. */
export const findBrandingAsOperator = (
  organizationId: string,
  tx: Db,
): Promise<VersionedBranding> =>
  inTenant(organizationId, (tenant) => findBranding(organizationId, tenant), tx);

/** Gives an organization another name and colour to be shown by. */
export async function setBrandingAsOperator(
  operator: Operator,
  organizationId: string,
  branding: Branding,
  tx: Db,
): Promise<{ outcome: "rejected"; reason: "stale" } | null> {
  const before = await findBrandingAsOperator(organizationId, tx);
  const { version } = before;
  return (await writeBranding(operator, organizationId, before, branding, version, tx))
    ? null
    : { outcome: "rejected", reason: "stale" };
}
