import "server-only";
import { type Authority, recordBy } from "@/lib/authz/authority";
import type { Branding } from "@/lib/branding/branding.schema";
import { saveBranding, type VersionedBranding } from "@/lib/branding/branding-store";
import type { Db } from "@/lib/platform/db/client";
import { inTenant } from "@/lib/platform/db/tenant";

/** Writes another name and colour, whoever has judged that its author may; false when they are not of this version any more. */
export async function writeBranding(
  authority: Authority,
  organizationId: string,
  before: VersionedBranding,
  { name, accent }: Branding,
  expectedVersion: number,
  tx: Db,
): Promise<boolean> {
  const saved = await inTenant(
    organizationId,
    (tenant) => saveBranding(organizationId, { name, accent }, expectedVersion, tenant),
    tx,
  );
  if (!saved) return false;
  const event = {
    action: "organization.branding_changed",
    target: { type: "organization", id: organizationId },
    before: { name: before.name, accent: before.accent },
    after: { name, accent },
  };
  await recordBy(authority, event, tx);
  return true;
}
