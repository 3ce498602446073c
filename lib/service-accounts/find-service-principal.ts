import "server-only";
import { findServicePrincipalRow } from "@/lib/service-accounts/service-account-store";
import type { Principal } from "@/lib/shared/principal";

/**
 * The principal of a client that acts for itself, or null for a client that is
 * gone, disabled or not of that kind (F42). It is no user: it holds what its own roles
 * give in one organization, and proves nothing that a person could be asked for.
 */
export async function findServicePrincipal(clientId: string): Promise<Principal | null> {
  const row = await findServicePrincipalRow(clientId);
  if (row === null) return null;
  return {
    userId: row.clientId,
    email: "",
    name: row.name,
    locale: null,
    timeZone: null,
    organizationId: row.organizationId,
    organizationName: row.organizationName,
    networks: row.networks,
    means: "service",
    clientId: null,
    session: {
      id: row.clientId,
      acr: "",
      amr: [],
      authTime: new Date(0),
      deviceTrusted: false,
      idleBeyondSeconds: null,
    },
    // Rules for people: a client has one proof, of 256 random bits or by a key, and can have no second.
    secondFactorEnrolled: false,
    mfaRequired: false,
    adminMfaRequired: false,
    passwordExpired: false,
    deletionDueAt: null,
    termsPending: false,
    // No person signs in: what it shows is its own secret.
    singleSignOnMissing: false,
    grantsVersion: row.authzVersion,
    asOf: row.asOf,
  };
}
