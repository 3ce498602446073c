import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";
import type { TenantDb } from "@/lib/platform/db/tenant";
import type { Scheme } from "@/lib/shared/accent";

export interface StoredLogo {
  content: Uint8Array<ArrayBuffer>;
  digest: Uint8Array<ArrayBuffer>;
}

export type LogoDigests = Partial<Record<Scheme, string>>;

const hex = (digest: Uint8Array): string => Buffer.from(digest).toString("hex");

export async function findLogoDigests(organizationId: string, db: TenantDb): Promise<LogoDigests> {
  const rows = await db.organizationLogo.findMany({
    where: { organizationId },
    select: { scheme: true, digest: true },
  });
  return Object.fromEntries(rows.map(({ scheme, digest }) => [scheme, hex(digest)]));
}

/** For everybody: it is shown to who has not signed in. */
export async function findLogoContent(
  organizationId: string,
  digest: Uint8Array<ArrayBuffer>,
  db: Db = prisma(),
): Promise<Uint8Array<ArrayBuffer> | null> {
  const row = await db.organizationLogo.findFirst({
    where: { organizationId, digest },
    select: { content: true },
  });
  return row?.content ?? null;
}

/**
 * Puts it in the place of the former one, whose digest it returns; null where there was none. Within a
 * change that comes one after the other: two at once would name the same former one.
 */
export async function putLogo(
  organizationId: string,
  scheme: Scheme,
  { content, digest }: StoredLogo,
  db: TenantDb,
): Promise<string | null> {
  const key = { organizationId, scheme };
  const former = await db.organizationLogo.findUnique({
    where: { organizationId_scheme: key },
    select: { digest: true },
  });
  await db.organizationLogo.upsert({
    where: { organizationId_scheme: key },
    create: { ...key, content, digest },
    update: { content, digest, createdAt: new Date() },
  });
  return former && hex(former.digest);
}

/** One statement: of two at once only one takes it away, and gets its digest. */
export async function deleteLogo(
  organizationId: string,
  scheme: Scheme,
  db: TenantDb,
): Promise<string | null> {
  const rows = await db.$queryRaw<{ digest: Uint8Array }[]>`
    DELETE FROM organization_logos
     WHERE organization_id = ${organizationId}::uuid AND scheme = ${scheme}::logo_scheme
    RETURNING digest`;
  return rows[0] ? hex(rows[0].digest) : null;
}
