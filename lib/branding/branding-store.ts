import "server-only";
import type { Branding } from "@/lib/branding/branding.schema";
import type { TenantDb } from "@/lib/platform/db/tenant";

export interface VersionedBranding extends Branding {
  /** 0 for what was never saved. */
  version: number;
}

export async function findBranding(
  organizationId: string,
  db: TenantDb,
): Promise<VersionedBranding> {
  const row = await db.organizationBranding.findUnique({
    where: { organizationId },
    select: { name: true, accent: true, version: true },
  });
  return row ?? { name: null, accent: null, version: 0 };
}

/** Saves it if it is still of this version, by one conditional statement. */
export async function saveBranding(
  organizationId: string,
  branding: Branding,
  expectedVersion: number,
  db: TenantDb,
): Promise<boolean> {
  if (expectedVersion === 0) {
    const { count } = await db.organizationBranding.createMany({
      data: [{ organizationId, ...branding }],
      skipDuplicates: true,
    });
    return count === 1;
  }
  const { count } = await db.organizationBranding.updateMany({
    where: { organizationId, version: expectedVersion },
    data: { ...branding, version: { increment: 1 } },
  });
  return count === 1;
}

export interface OwnNames {
  name: string;
  slug: string;
}

/** What it is called where nothing else is said. */
export const findOwnNames = (organizationId: string, db: TenantDb): Promise<OwnNames> =>
  db.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { name: true, slug: true },
  });
