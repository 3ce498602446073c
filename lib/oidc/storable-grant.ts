import "server-only";
import type { AdapterPayload, Grant } from "oidc-provider";
import { keepDocumentClient } from "@/lib/oidc/client-store";
import { isDocumentClient } from "@/lib/oidc/document-clients";
import { GRANT_LIFETIME_SECONDS, type GrantToStore } from "@/lib/oidc/grant-store";

interface Storable {
  getValueAndPayload(): Promise<{ payload: AdapterPayload }>;
}

/** A grant, which has its id, as its row will be: for where more than the engine decides whether it is stored. */
export async function storableGrant(grant: Grant): Promise<GrantToStore> {
  const { payload } = await (grant as unknown as Storable).getValueAndPayload();
  if (isDocumentClient(payload.clientId)) await keepDocumentClient(payload.clientId);
  return { id: grant.jti, payload, lifetimeSeconds: GRANT_LIFETIME_SECONDS };
}
