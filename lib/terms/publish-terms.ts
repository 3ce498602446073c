import "server-only";
import { createHash } from "node:crypto";
import { recordChange } from "@/lib/audit/record-event";
import { authorize } from "@/lib/authz/authorize";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { TERMS_PERMISSIONS } from "@/lib/terms/permissions";
import type { NewTerms } from "@/lib/terms/terms.schema";
import { insertTerms, listPublished, type PublishedTerms } from "@/lib/terms/terms-store";

export type { PublishedTerms };

/** Of all that somebody accepts by accepting it. */
const digestOf = ({ document, title, text }: NewTerms): Buffer<ArrayBuffer> =>
  Buffer.from(
    createHash("sha256")
      .update(JSON.stringify([document, title, text]))
      .digest(),
  );

/**
 * Publishes a version, which never changes from then on. When its time comes, everybody is asked to
 * accept it at their next step, who publishes it as well (F115).
 */
export async function publishTerms(
  caller: Caller,
  terms: NewTerms,
): Promise<{ id: string; number: number; effectiveAt: Date }> {
  await authorize(caller, TERMS_PERMISSIONS.manage);
  const [id, digest] = [newId(), digestOf(terms)];
  const publishedById = caller.principal.userId;
  return inTransaction(async (tx) => {
    const { number, effectiveAt } = await insertTerms({ ...terms, id, digest, publishedById }, tx);
    await recordChange(
      caller,
      {
        action: "terms.published",
        target: { type: "terms", id },
        after: {
          document: terms.document,
          number,
          digest: digest.toString("hex"),
          effectiveAt: effectiveAt.toISOString(),
        },
      },
      tx,
    );
    return { id, number, effectiveAt };
  });
}

/** Every version, newest first, with how many have accepted it. */
export async function listPublishedTerms(caller: Caller): Promise<PublishedTerms[]> {
  await authorize(caller, TERMS_PERMISSIONS.manage);
  return listPublished();
}
