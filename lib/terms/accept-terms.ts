import "server-only";
import { actorOfPrincipal, recordEvent } from "@/lib/audit/record-event";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";
import type { TermsDocument } from "@/lib/terms/terms.schema";
import {
  insertAcceptance,
  listTermsInForce,
  listUnaccepted,
  type TermsVersion,
} from "@/lib/terms/terms-store";

export type { TermsVersion };

/** What a page has shown, by the digest of its text. */
export interface ShownTerms {
  id: string;
  digest: string;
}

/** What the caller is asked to accept now. */
export const listOwnUnaccepted = ({ principal }: Caller): Promise<TermsVersion[]> =>
  listUnaccepted(principal.userId);

/** What is in force, for anybody to read. */
export async function findTermsInForce(document: TermsDocument): Promise<TermsVersion | null> {
  return (await listTermsInForce()).find((version) => version.document === document) ?? null;
}

export const listDocumentsInForce = async (): Promise<Pick<TermsVersion, "document" | "title">[]> =>
  (await listTermsInForce()).map(({ document, title }) => ({ document, title }));

/**
 * Accepts for the caller exactly what they were shown, with when and from where (F115). Where
 * another version has come into force since, nothing is accepted: it has to be shown first.
 */
export async function acceptTerms(
  { principal, request }: Caller,
  shown: ShownTerms[],
): Promise<{ outcome: "accepted" } | { outcome: "rejected"; reason: "changed" }> {
  const { userId } = principal;
  return inTransaction(async (tx) => {
    const unaccepted = await listUnaccepted(userId, tx);
    const wasShown = ({ id, digest }: TermsVersion) =>
      shown.some((one) => one.id === id && one.digest === Buffer.from(digest).toString("hex"));
    if (!unaccepted.every(wasShown)) return { outcome: "rejected", reason: "changed" } as const;
    for (const { id, document, number, digest } of unaccepted) {
      const hex = Buffer.from(digest).toString("hex");
      const { ip, userAgent } = request;
      const bytes = Buffer.from(digest);
      const isNew = await insertAcceptance(
        { userId, versionId: id, digest: bytes, ip, userAgent },
        tx,
      );
      if (!isNew) continue;
      await recordEvent(
        {
          action: "terms.accepted",
          outcome: "success",
          actor: actorOfPrincipal(principal),
          target: { type: "terms", id },
          after: { document, number, digest: hex },
        },
        request,
        tx,
      );
    }
    return { outcome: "accepted" } as const;
  });
}
