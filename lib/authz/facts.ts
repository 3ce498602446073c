import "server-only";
import type { Caller } from "@/lib/shared/caller";
import type { Principal } from "@/lib/shared/principal";

/**
 * All that a condition may know of who asks and of the request (V8.1.3): plain values, so that a
 * decision can be stored with them and made again.
 */
export interface Facts {
  principal: {
    kind: "user" | "service";
    /** Of the user, or of the service account's client. */
    id: string;
    organizationId: string;
    email: string;
    /** Every role, by whatever path. */
    roleIds: string[];
    /** Every team, those above them among them. */
    teamIds: string[];
  };
  context: {
    /** When the database answered who asks, as ISO 8601. */
    at: string;
    ip: string | null;
    means: Principal["means"];
    acr: string;
    /** When the session was last proven, as ISO 8601. */
    authTime: string;
  };
}

/** Of somebody who makes no request: only what says who they are is ever looked at. */
export const NO_REQUEST: Facts["context"] = {
  at: new Date(0).toISOString(),
  ip: null,
  means: "session",
  acr: "",
  authTime: new Date(0).toISOString(),
};

/** The facts of this request, with the roles and teams that the principal has now. */
export function factsOf(
  { principal, request }: Caller,
  held: Pick<Facts["principal"], "roleIds" | "teamIds">,
): Facts {
  const { userId, organizationId, email, means, session, asOf } = principal;
  return {
    principal: {
      kind: means === "service" ? "service" : "user",
      id: userId,
      organizationId,
      email,
      ...held,
    },
    context: {
      at: asOf.toISOString(),
      ip: request.ip,
      means,
      acr: session.acr,
      authTime: session.authTime.toISOString(),
    },
  };
}
