import "server-only";
import type { Operator } from "@/lib/authz/authority";
import type { NewClaim } from "@/lib/oidc/claim-template.schema";
import { type ClaimTemplateRow, listTemplates } from "@/lib/oidc/claim-template-store";
import { findShownClient } from "@/lib/oidc/client-directory-store";
import { writeClaimDeletion, writeNewClaim } from "@/lib/oidc/write-claim";
import type { Db } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";

// Claims as whoever operates the machine changes them.

export type { ClaimTemplateRow };

/** Every claim that was added, by name. */
export const listClaimsAsOperator = (tx: Db): Promise<ClaimTemplateRow[]> => listTemplates(tx);

export type ClaimWriteRejection = {
  outcome: "rejected";
  reason: "unknown-client" | "too-many-claims";
};

/** Adds a claim, for a client or for all, in the place of `former` where there is one. */
export async function putClaimAsOperator(
  operator: Operator,
  former: ClaimTemplateRow | undefined,
  claim: NewClaim,
  tx: Db,
): Promise<ClaimWriteRejection | null> {
  const { clientId } = claim;
  if (clientId !== null && (await findShownClient(clientId, tx)) === null) {
    return { outcome: "rejected", reason: "unknown-client" };
  }
  if (former !== undefined) await writeClaimDeletion(operator, former.id, tx);
  const written = await writeNewClaim(operator, newId(), claim, tx);
  return written ? null : { outcome: "rejected", reason: "too-many-claims" };
}

/** Takes a claim away, from the next token on. */
export async function removeClaimAsOperator(
  operator: Operator,
  { id }: Pick<ClaimTemplateRow, "id">,
  tx: Db,
): Promise<void> {
  await writeClaimDeletion(operator, id, tx);
}
