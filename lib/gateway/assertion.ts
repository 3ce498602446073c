import "server-only";
import { SignJWT } from "jose";
import type { PlacedRule } from "@/lib/gateway/choose-rule";
import type { OriginalRequest } from "@/lib/gateway/original-request";
import { issuer } from "@/lib/oidc/issuer";
import { presentSigner } from "@/lib/oidc/provider";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { seconds } from "@/lib/shared/duration";

/** No other JWT of ours has this type, so that none is taken for another (RFC 8725 §3.11). */
export const ASSERTION_TYPE = "gatehouse-assertion+jwt";
/** From the gateway to the service and no further. */
const LIFETIME_SECONDS = seconds(60);

/**
 * Who a request is from, for the one service that the rule names and this one request, signed with
 * the key that the key set publishes (F127). It says what was checked, and nothing by which somebody
 * could go on as the user: no session, no role, no permission beyond the one that the rule asks for.
 */
export async function signAssertion(
  { principal, request }: Caller,
  { audience, access, acr }: PlacedRule,
  { method, scheme, host, path }: OriginalRequest,
): Promise<string> {
  const { kid, key } = await presentSigner();
  return (
    new SignJWT({
      sub: principal.userId,
      org: principal.organizationId,
      means: principal.means,
      ...(principal.clientId !== null && { client_id: principal.clientId }),
      ...(principal.act !== undefined && { act: { sub: principal.act.userId } }),
      ...(typeof access === "object" && { permission: access.permission }),
      ...(acr !== undefined && { acr: principal.session.acr }),
      request_id: request.requestId,
      htm: method,
      htu: `${scheme}://${host}${path}`,
    })
      .setProtectedHeader({ alg: "ES256", typ: ASSERTION_TYPE, kid })
      .setIssuer(issuer())
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(`${LIFETIME_SECONDS}s`)
      // Not the request's own id, which somebody in front of us may choose and choose twice.
      .setJti(newId())
      .sign(key)
  );
}
