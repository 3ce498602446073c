import type { IntrospectionTerms } from "./introspection.js";
import type { KeyTerms } from "./published-keys.js";
import type { Refusal } from "./refusal.js";
import type { ReplayStore } from "./replays.js";
import { ALGORITHMS, type Algorithm } from "./verify-signed.js";

export interface GuardOptions {
  /** Of Gatehouse, as its tokens name it: `https://id.example.com/oidc`. */
  issuer: string;
  /** Takes access tokens that are made for this audience (RFC 9068). */
  accessTokens?: { audience: string };
  /** Takes the gateway's assertions for this audience. Where one was sent, nothing else counts. */
  assertions?: { audience: string; issuer?: string };
  /**
   * Where clients reach this service, such as `https://orders.example.com`: proofs of possession
   * name it, and what a request says of its own host is not believed. Without it, tokens that are
   * bound to a key are refused (RFC 9449).
   */
  publicUrl?: string;
  /** How old a proof may be, 60 s if not given, and what remembers them; the memory of this process if not given. */
  proofs?: { maxAgeSeconds?: number; replays?: ReplayStore };
  /** This service as a client of Gatehouse: by it tokens are looked up and decisions asked for. */
  client?: { id: string; secret: string };
  /**
   * Looks tokens up (RFC 7662): `opaque` those that are no JWT, `always` every one, so that one that
   * was revoked is refused after at most `cacheSeconds`, 10 if not given.
   */
  introspection?: { when: "opaque" | "always"; uri?: string; cacheSeconds?: number };
  /** Answers `decision` in a requirement (AuthZEN 1.0). Each answer holds for `cacheSeconds`, 5 if not given. */
  decisions?: { uri?: string; cacheSeconds?: number; resource?: string; scope?: string };
  /** The published keys: 10 minutes fresh, an hour where Gatehouse is out of reach, 30 s between two questions. */
  keys?: Partial<KeyTerms>;
  /** What signatures are taken: ES256 and EdDSA if not given. */
  algorithms?: readonly Algorithm[];
  /** By how much clocks may differ; 5 s if not given, 60 at most. */
  toleranceSeconds?: number;
  /** How long Gatehouse may take to answer; 3 s if not given. */
  timeoutSeconds?: number;
  /** Lets addresses be `http:` elsewhere than on this machine. Whoever is on the way can then forge everything. */
  insecureHttp?: boolean;
  /** Is told of each refusal; `reason` says more than the answer does. */
  onRefused?: (refusal: Refusal) => void;
  fetch?: typeof fetch;
  /** Milliseconds since 1970. */
  now?: () => number;
}

const TOLERANCE_SECONDS_MAX = 60;

const fail = (message: string): never => {
  throw new TypeError(`@gatehouse/guard: ${message}`);
};

/** As addresses are compared: the host in small letters, no port that goes without saying. */
function withoutEnd(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin + pathname.replace(/\/$/, "");
}

/**
 * The options with what was not given. Throws for what would let too much in later: whoever writes
 * JavaScript passes `undefined` for a variable that is not set, and that must not mean "any".
 */
export function settled(options: GuardOptions) {
  const { accessTokens, assertions, proofs, client, introspection, decisions, keys } = options;
  const text = (name: string, value: unknown): string =>
    typeof value === "string" && value !== "" ? value : fail(`${name} must be a text`);
  const seconds = (name: string, value: unknown, most = Number.MAX_SAFE_INTEGER): number =>
    typeof value === "number" && value >= 0 && value <= most
      ? value
      : fail(`${name} must be a number of seconds, at most ${most}`);
  const address = (name: string, value: unknown): string => {
    const url = URL.parse(text(name, value)) ?? fail(`${name} must be an address`);
    const isNear = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
    const isSafe = url.protocol === "https:" || (url.protocol === "http:" && isNear);
    return isSafe || options.insecureHttp === true ? String(value) : fail(`${name} must be https:`);
  };

  const issuer = address("issuer", options.issuer);
  const origin = new URL(issuer).origin;
  if (!accessTokens && !assertions) fail("accessTokens or assertions must be given");
  if (client) {
    text("client.id", client.id);
    text("client.secret", client.secret);
  }
  const ownClient = (name: string) => client ?? fail(`${name} needs client`);
  const algorithms = options.algorithms ?? ["ES256", "EdDSA", "Ed25519"];
  if (algorithms.length === 0 || algorithms.some((one) => !ALGORITHMS.includes(one))) {
    fail(`algorithms are some of ${ALGORITHMS.join(", ")}`);
  }
  if (introspection && !["opaque", "always"].includes(introspection.when)) {
    fail("introspection.when is opaque or always");
  }
  const lookUps: (IntrospectionTerms & { always: boolean }) | undefined = introspection && {
    always: introspection.when === "always",
    uri: address("introspection.uri", introspection.uri ?? `${issuer}/token/introspection`),
    cacheSeconds: seconds("introspection.cacheSeconds", introspection.cacheSeconds ?? 10, 300),
    client: ownClient("introspection"),
  };
  return {
    issuer,
    origin,
    tokenAudience: accessTokens && text("accessTokens.audience", accessTokens.audience),
    assertions: assertions && {
      audience: text("assertions.audience", assertions.audience),
      issuer: text("assertions.issuer", assertions.issuer ?? issuer),
    },
    publicUrl:
      options.publicUrl === undefined
        ? undefined
        : withoutEnd(address("publicUrl", options.publicUrl)),
    proofs: {
      maxAgeSeconds: seconds("proofs.maxAgeSeconds", proofs?.maxAgeSeconds ?? 60, 600),
      replays: proofs?.replays,
    },
    lookUps,
    decisions: decisions && {
      uri: address("decisions.uri", decisions.uri ?? `${origin}/access/v1/evaluation`),
      cacheSeconds: seconds("decisions.cacheSeconds", decisions.cacheSeconds ?? 5, 300),
      asAsker: {
        uri: `${issuer}/token`,
        client: ownClient("decisions"),
        resource: decisions.resource ?? `${origin}/api/v1`,
        scope: decisions.scope ?? "api:read",
      },
    },
    keys: {
      uri: address("keys.uri", keys?.uri ?? `${issuer}/jwks`),
      freshSeconds: seconds("keys.freshSeconds", keys?.freshSeconds ?? 600),
      staleSeconds: seconds("keys.staleSeconds", keys?.staleSeconds ?? 3600, 86_400),
      coolDownSeconds: seconds("keys.coolDownSeconds", keys?.coolDownSeconds ?? 30),
    },
    rules: {
      now: options.now ?? Date.now,
      algorithms,
      toleranceSeconds: seconds(
        "toleranceSeconds",
        options.toleranceSeconds ?? 5,
        TOLERANCE_SECONDS_MAX,
      ),
    },
    asker: {
      fetch: options.fetch ?? fetch,
      timeoutSeconds: seconds("timeoutSeconds", options.timeoutSeconds ?? 3, 60),
    },
  };
}

export type Settled = ReturnType<typeof settled>;
