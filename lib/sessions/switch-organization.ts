import "server-only";
import { actorOfPrincipal, recordEvent } from "@/lib/audit/record-event";
import { hashSecret, isSecret, newSecret } from "@/lib/platform/crypto";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { listNetworksOf, noteOrganization, switchSessionRow } from "@/lib/sessions/session-store";
import { isWithinRanges } from "@/lib/shared/address-range";
import type { Caller } from "@/lib/shared/caller";
import { isId } from "@/lib/shared/id.schema";

export type OrganizationSwitch =
  | { outcome: "switched"; sessionSecret: string }
  /** The session is in that organization already: everything stays as it is. */
  | { outcome: "same" }
  /** No member there, no such organization, or a session that opens nothing there (any more). */
  | { outcome: "not-found" };

/**
 * Goes on in another organization that the caller is a member of now. The session ends, and a
 * successor with a new id and a new secret takes its place: codes, tokens and half-done flows name
 * the former one, so that nothing which was handed out in one organization is worth anything in
 * another, and every client that the session signed in to is told (ATK-43). It proves nothing:
 * class, time of the last proof, age and end of the session stay as they were.
 */
export async function switchOrganization(
  caller: Caller,
  sessionSecret: string | undefined,
  organizationId: string,
): Promise<OrganizationSwitch> {
  const { principal, request } = caller;
  if (organizationId === principal.organizationId) return { outcome: "same" };
  if (!isSecret(sessionSecret) || !isId(organizationId)) return { outcome: "not-found" };
  const [id, secret] = [newId(), newSecret()];
  return inTransaction(async (tx): Promise<OrganizationSwitch> => {
    // Who is no member there learns nothing of its networks: it is the same answer.
    if (!isWithinRanges(request.ip, await listNetworksOf(organizationId, tx))) {
      return { outcome: "not-found" };
    }
    const switched = await switchSessionRow(
      { former: hashSecret(sessionSecret), next: hashSecret(secret) },
      { id, organizationId, reason: "organization_switched" },
      tx,
    );
    if (switched === null) return { outcome: "not-found" };
    await noteOrganization(switched.userId, organizationId, tx);
    await recordEvent(
      {
        action: "session.organization_switched",
        outcome: "success",
        actor: actorOfPrincipal(principal),
        target: { type: "session", id },
        before: {
          sessionId: switched.formerSessionId,
          organizationId: switched.formerOrganizationId,
        },
        after: { sessionId: id, organizationId },
      },
      request,
      tx,
    );
    return { outcome: "switched", sessionSecret: secret };
  });
}
