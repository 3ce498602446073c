import type { JWTPayload } from "jose";

/** Who acts for the subject, and for whom in turn (RFC 8693 §4.1). */
export interface Actor {
  sub: string;
  act?: Actor;
}

/** Who asks, as it was verified. */
export interface Identity {
  /** What said so: an access token, or the gateway's assertion. */
  by: "token" | "assertion";
  /** The id of the user, or the client's for a service that asks for itself. */
  subject: string;
  kind: "user" | "service";
  clientId: string | undefined;
  /** The organization within which they act; tokens name none. */
  organization: string | undefined;
  /** By what they are signed in, as the gateway has it: `session`, `app`, `personal-token` or `service`. */
  means: string | undefined;
  scopes: ReadonlySet<string>;
  /** What the gateway has checked for this request; tokens name none. */
  permission: string | undefined;
  /** How they have authenticated, and when in seconds since 1970, where it was said. */
  acr: string | undefined;
  authTime: number | undefined;
  actor: Actor | undefined;
  /** Under which the gateway has logged the request. */
  requestId: string | undefined;
  /** Everything that was signed, or introspection has answered. */
  claims: JWTPayload;
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

/** Reads verified claims; what is in another form than it should be counts as not said. */
export function identityFrom(by: Identity["by"], claims: JWTPayload): Identity {
  const { sub = "", client_id, scope, acr, auth_time, act } = claims;
  // In a token they could be claims that an administrator has made up.
  const { org, means, permission, request_id }: JWTPayload = by === "assertion" ? claims : {};
  const isService = by === "assertion" ? means === "service" : client_id === sub;
  return {
    by,
    subject: sub,
    kind: isService ? "service" : "user",
    clientId: text(client_id),
    organization: text(org),
    means: text(means),
    scopes: new Set((text(scope) ?? "").split(" ").filter(Boolean)),
    permission: text(permission),
    acr: text(acr),
    authTime: typeof auth_time === "number" ? auth_time : undefined,
    actor: typeof act === "object" ? (act as Actor | undefined) : undefined,
    requestId: text(request_id),
    claims,
  };
}

const identities = new WeakMap<object, Identity>();

/** Notes who has sent a request of a framework, where nothing that was sent can reach it. */
export const remember = (request: object, identity: Identity): void => {
  identities.set(request, identity);
};

/** Who sent the request. Throws where it was not let through the guard. */
export function identityOf(request: object): Identity {
  const identity = identities.get(request);
  if (identity === undefined) throw new Error("the guard does not stand before this handler");
  return identity;
}
