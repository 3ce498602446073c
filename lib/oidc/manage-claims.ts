import "server-only";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import type { BeyondOwn } from "@/lib/authz/within-own";
import { CLAIM_SCOPES, CLAIM_TARGETS, type NewClaim } from "@/lib/oidc/claim-template.schema";
import { type ClaimTemplateRow, listTemplates } from "@/lib/oidc/claim-template-store";
import { findShownClient } from "@/lib/oidc/client-directory-store";
import { checkTrust } from "@/lib/oidc/client-trust";
import { findCustomClaims } from "@/lib/oidc/custom-claims";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";
import type { RenderedClaims } from "@/lib/oidc/render-claims";
import { writeClaimDeletion, writeNewClaim } from "@/lib/oidc/write-claim";
import { isUniqueViolation } from "@/lib/platform/db/errors";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { isId } from "@/lib/shared/id.schema";
import { isMember } from "@/lib/users/govern-user";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { askedUser } from "@/lib/users/user-resource";

export type ClaimTemplate = ClaimTemplateRow;

/** Every claim that was added, by name. */
export async function listClaims(caller: Caller): Promise<ClaimTemplate[]> {
  await authorize(caller, CLIENT_PERMISSIONS.view);
  return listTemplates();
}

export type ClaimCreation =
  | { outcome: "created"; id: string }
  | { outcome: "rejected"; reason: "name-taken" | "unknown-client" | "too-many" }
  | BeyondOwn;

/** Of every client, so that one that is trusted with everything is among them. */
const EVERY_CLIENT = { firstParty: true, scopes: [] };

/**
 * Adds a claim, for a client or for all. It could tell an app that everybody is
 * its administrator, so whoever adds it may change that client; for all clients
 * they hold everything (ATK-27).
 */
export async function createClaim(caller: Caller, claim: NewClaim): Promise<ClaimCreation> {
  await authorize(caller, CLIENT_PERMISSIONS.manage);
  const id = newId();
  try {
    return await inTransaction(async (tx): Promise<ClaimCreation> => {
      const { clientId } = claim;
      const client = clientId === null ? EVERY_CLIENT : await findShownClient(clientId, tx);
      if (client === null) return { outcome: "rejected", reason: "unknown-client" };
      const beyond = await checkTrust(asCaller(caller), clientId ?? "", [client], tx);
      if (beyond !== null) return beyond;
      if (!(await writeNewClaim(asCaller(caller), id, claim, tx))) {
        return { outcome: "rejected", reason: "too-many" };
      }
      return { outcome: "created", id };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return { outcome: "rejected", reason: "name-taken" };
    throw error;
  }
}

/** Takes a claim away, from the next token on; false when it was gone already. */
export async function deleteClaim(caller: Caller, id: string): Promise<boolean> {
  await authorize(caller, CLIENT_PERMISSIONS.manage);
  if (!isId(id)) return false;
  return inTransaction((tx) => writeClaimDeletion(asCaller(caller), id, tx));
}

export type ClaimPreview = Record<(typeof CLAIM_TARGETS)[number], RenderedClaims>;

/**
 * What a client would be told of a user by the claims that were added, with every
 * scope granted, in the caller's organization; null for nobody of it (ATK-43).
 */
export async function previewClaims(
  caller: Caller,
  { clientId, userId }: { clientId: string | null; userId: string },
): Promise<ClaimPreview | null> {
  await authorize(caller, CLIENT_PERMISSIONS.view);
  await authorize(caller, USER_PERMISSIONS.view, await askedUser(caller, userId));
  const { organizationId } = caller.principal;
  if (!isId(userId) || !(await isMember(userId, organizationId))) return null;
  const scopes = new Set<string>(CLAIM_SCOPES);
  // PostgreSQL knows no NUL, and no client has one.
  const known = clientId?.replaceAll("\u0000", " ") ?? "";
  const [idToken, userinfo, accessToken] = await Promise.all(
    CLAIM_TARGETS.map((target) =>
      findCustomClaims({ clientId: known, userId, organizationId, scopes, target }),
    ),
  );
  const none: RenderedClaims = { claims: [], leftOut: [] };
  return {
    id_token: idToken ?? none,
    userinfo: userinfo ?? none,
    access_token: accessToken ?? none,
  };
}
