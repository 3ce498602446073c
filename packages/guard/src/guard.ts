import type { JWTPayload } from "jose";
import { decisions } from "./decisions.js";
import { Refused } from "./failures.js";
import { type Identity, identityFrom } from "./identity.js";
import { introspection } from "./introspection.js";
import { type GuardOptions, type Settled, settled } from "./options.js";
import { publishedKeys } from "./published-keys.js";
import { type Refusal, refusal, type Scheme } from "./refusal.js";
import { replayMemory } from "./replays.js";
import { checkRequirement, type Requirement } from "./requirement.js";
import { verifyProof } from "./verify-proof.js";
import { verifySigned } from "./verify-signed.js";

export type { Question } from "./decisions.js";
export type { RefusalCode } from "./failures.js";
export { type Actor, type Identity, identityOf } from "./identity.js";
export type { GuardOptions } from "./options.js";
export type { Refusal } from "./refusal.js";
export { type ReplayStore, replayMemory } from "./replays.js";
export type { Requirement } from "./requirement.js";
export type { Algorithm } from "./verify-signed.js";

/** What the guard reads of a request. */
export interface GuardedRequest {
  method: string;
  /** With its query, as the client has asked for it. */
  path: string;
  /** Null for a header that was not sent. */
  header(name: string): string | null;
}

export type Verdict = { outcome: "allowed"; identity: Identity } | Refusal;

export interface Guard {
  /**
   * Who sends the request, where it brings what it takes; otherwise the answer to send instead. It
   * does not throw for anything that is sent, or for a Gatehouse that is out of reach.
   */
  authenticate(request: GuardedRequest, requirement?: Requirement): Promise<Verdict>;
}

const TOKEN_LENGTH_MAX = 8192;
/** The gateway makes an assertion for one request, for so long (`Gatehouse-Assertion`). */
const ASSERTION_LIFETIME_SECONDS = 60;
const TOKEN_CLAIMS = ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"];
const ASSERTION_CLAIMS = ["iss", "exp", "aud", "sub", "iat", "htm", "htu"];

/**
 * Makes the guard of a service. One is enough for a process: it keeps keys, proofs and answers.
 * Throws where the options would let in what they should not.
 */
export function createGuard(options: GuardOptions): Guard {
  const terms = settled(options);
  const { rules, asker, publicUrl, proofs, lookUps } = terms;
  const key = publishedKeys(terms.keys, asker, rules.now);
  const replays = proofs.replays ?? replayMemory(rules.now);
  const lookUp = lookUps && introspection(lookUps, asker, rules.now);
  const decide = terms.decisions && decisions(terms.decisions, asker, rules.now);

  async function claimsOf(token: string, audience: string): Promise<JWTPayload> {
    const isJwt = token.split(".").length === 3;
    let claims: JWTPayload | undefined;
    if (isJwt) {
      const { issuer } = terms;
      const wanted = { typ: "at+jwt", issuer, audience, requiredClaims: TOKEN_CLAIMS };
      claims = await verifySigned(token, key, rules, wanted);
    }
    if (lookUp && (!isJwt || lookUps.always)) {
      const found = await lookUp(token);
      checkLookedUp(found, audience, terms);
      claims ??= found;
    }
    return claims ?? refuse("no JWT, and nothing is looked up");
  }

  async function checkBinding(
    { cnf }: JWTPayload,
    { method, path, header }: GuardedRequest,
    scheme: Scheme,
    token: string,
  ): Promise<void> {
    if (cnf === undefined && scheme === "Bearer") return;
    const { jkt, ...others } = Object(cnf) as Record<string, unknown>;
    const isBoundToKey = typeof jkt === "string" && Object.keys(others).length === 0;
    if (!isBoundToKey || scheme === "Bearer") return refuse("the token is bound otherwise");
    if (publicUrl === undefined) return refuse("no proofs are taken without publicUrl");
    const about = { method, url: publicUrl + pathOf(path), token, thumbprint: jkt };
    await verifyProof(header("dpop"), about, { ...proofs, replays }, rules);
  }

  async function identify(request: GuardedRequest, sent: Sent | null): Promise<Identity> {
    const { assertions, tokenAudience } = terms;
    const assertion = assertions ? request.header("gatehouse-assertion") : null;
    if (assertions && assertion !== null) {
      if (assertion.length > TOKEN_LENGTH_MAX) return refuse("too long");
      const claims = await verifySigned(assertion, key, rules, {
        ...assertions,
        typ: "gatehouse-assertion+jwt",
        maxTokenAge: ASSERTION_LIFETIME_SECONDS,
        requiredClaims: ASSERTION_CLAIMS,
      });
      checkRequest(claims, request, publicUrl);
      return named("assertion", claims);
    }
    if (sent === null || tokenAudience === undefined) {
      throw new Refused("credentials_missing", "nothing was sent");
    }
    if (sent.token.length > TOKEN_LENGTH_MAX) return refuse("too long");
    const claims = await claimsOf(sent.token, tokenAudience);
    const identity = named("token", claims);
    await checkBinding(claims, request, sent.scheme, sent.token);
    return identity;
  }

  async function judge(
    request: GuardedRequest,
    sent: Sent | null,
    requirement: Requirement,
  ): Promise<Identity> {
    const identity = await identify(request, sent);
    checkRequirement(identity, requirement, rules.now, rules.toleranceSeconds);
    const { decision } = requirement;
    if (decision !== undefined) {
      if (decide === undefined) throw new TypeError("a decision needs the option decisions");
      await decide(identity, typeof decision === "function" ? await decision(identity) : decision);
    }
    return identity;
  }

  return {
    async authenticate(request, requirement = {}) {
      const sent = sentIn(request.header("authorization"));
      try {
        return { outcome: "allowed", identity: await judge(request, sent, requirement) };
      } catch (error) {
        // What a route's own question throws is its own.
        if (!(error instanceof Refused)) throw error;
        const algs = publicUrl === undefined ? "" : rules.algorithms.join(" ");
        const refused = refusal(error, sent?.scheme ?? null, algs);
        options.onRefused?.(refused);
        return refused;
      }
    },
  };
}

interface Sent {
  scheme: Scheme;
  token: string;
}

/** One token, in the header alone: what stands in an address ends in logs (RFC 9700 §4.3.2). */
function sentIn(authorization: string | null): Sent | null {
  const [, scheme = "", token = ""] = /^(bearer|dpop) +([^\s,]+)$/i.exec(authorization ?? "") ?? [];
  if (token === "") return null;
  return { scheme: scheme.toLowerCase() === "dpop" ? "DPoP" : "Bearer", token };
}

function refuse(reason: string): never {
  throw new Refused("invalid_token", reason);
}

function named(by: Identity["by"], claims: JWTPayload): Identity {
  const { sub, client_id } = claims;
  if (typeof sub !== "string" || sub === "") return refuse("of nobody");
  if (by === "token" && typeof client_id !== "string") return refuse("of no client");
  return identityFrom(by, claims);
}

/**
 * An assertion is for one request, whose address it has as it was written: made tidy, two addresses
 * would look alike that a router tells apart. Without `publicUrl` only the path is known here.
 */
function checkRequest(
  { htm, htu }: JWTPayload,
  { method, path }: GuardedRequest,
  publicUrl: string | undefined,
): void {
  if (htm !== method) return refuse("for another method");
  const [bare = ""] = pathOf(path).split("?", 1);
  const written = typeof htu === "string" ? htu : "";
  const known = publicUrl === undefined ? written.replace(/^https?:\/\/[^/]*/, "") : written;
  if (bare === "" || known !== (publicUrl ?? "") + bare) return refuse("for another address");
}

/** What introspection says of an active token has to fit as well as what a JWT says. */
function checkLookedUp(
  found: JWTPayload | null,
  audience: string,
  { issuer, rules }: Settled,
): asserts found is JWTPayload {
  if (found === null) return refuse("not active");
  const { iss = issuer, aud = [], exp } = found;
  if (iss !== issuer || ![aud].flat().includes(audience)) return refuse("for somebody else");
  const at = rules.now() / 1000 - rules.toleranceSeconds;
  if (exp !== undefined && !(exp > at)) return refuse("expired");
}

/** Some requests name the whole address; whose it is, is known here better. */
const pathOf = (path: string): string =>
  path.startsWith("/") ? path : (URL.parse(path)?.pathname ?? "");
