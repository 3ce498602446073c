import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { type Db, prisma } from "@/lib/platform/db/client";
import type { NewTerms, TermsDocument } from "@/lib/terms/terms.schema";

export interface TermsVersion {
  id: string;
  document: TermsDocument;
  number: number;
  title: string;
  summary: string;
  text: string;
  digest: Uint8Array;
  effectiveAt: Date;
}

export interface PublishedTerms extends TermsVersion {
  publishedAt: Date;
  /** How many have accepted it. */
  acceptances: number;
}

/** One after the other, so that two have different numbers. */
export async function insertTerms(
  terms: Omit<NewTerms, "effectiveAt"> & {
    id: string;
    digest: Uint8Array<ArrayBuffer>;
    effectiveAt: Date | null;
    publishedById: string;
  },
  db: Db,
): Promise<{ number: number; effectiveAt: Date }> {
  await db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('terms', 0))`;
  const [row] = await db.$queryRaw<[{ number: number; effectiveAt: Date }]>`
    INSERT INTO terms_versions (id, document, number, title, summary, text, digest, effective_at,
                                published_by)
    SELECT ${terms.id}::uuid, ${terms.document}::terms_document,
           COALESCE(max(number), 0) + 1, ${terms.title}, ${terms.summary}, ${terms.text},
           ${terms.digest}, COALESCE(${terms.effectiveAt}::timestamptz, now()),
           ${terms.publishedById}::uuid
      FROM terms_versions WHERE document = ${terms.document}::terms_document
    RETURNING number, effective_at AS "effectiveAt"`;
  return row;
}

const SHOWN = Prisma.sql`f.id, f.document::text AS document, f.number, f.title, f.summary, f.text,
                         f.digest, f.effective_at AS "effectiveAt"`;

export const listTermsInForce = (db: Db = prisma()): Promise<TermsVersion[]> =>
  db.$queryRaw<TermsVersion[]>`SELECT ${SHOWN} FROM terms_in_force f ORDER BY f.document`;

/** What is in force and the user has not accepted. */
export const listUnaccepted = (userId: string, db: Db = prisma()): Promise<TermsVersion[]> =>
  db.$queryRaw<TermsVersion[]>`
    SELECT ${SHOWN} FROM terms_in_force f
     WHERE NOT EXISTS (SELECT FROM terms_acceptances a
                        WHERE a.user_id = ${userId}::uuid AND a.version_id = f.id)
     ORDER BY f.document`;

/** False where it was accepted before. */
export async function insertAcceptance(
  acceptance: {
    userId: string;
    versionId: string;
    digest: Uint8Array<ArrayBuffer>;
    ip: string | null;
    userAgent: string | null;
  },
  db: Db,
): Promise<boolean> {
  const { count } = await db.termsAcceptance.createMany({
    data: [acceptance],
    skipDuplicates: true,
  });
  return count === 1;
}

const LISTED_MAX = 100;

/** Newest first. */
export async function listPublished(db: Db = prisma()): Promise<PublishedTerms[]> {
  const rows = await db.termsVersion.findMany({
    orderBy: [{ publishedAt: "desc" }, { id: "desc" }],
    take: LISTED_MAX,
    include: { _count: { select: { acceptances: true } } },
  });
  return rows.map(({ _count, publishedById: _by, ...version }) => ({
    ...version,
    acceptances: _count.acceptances,
  }));
}
