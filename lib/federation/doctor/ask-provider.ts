import "server-only";
import * as oauth from "oauth4webapi";
import { networkProblemOf, problemOf } from "@/lib/federation/doctor/problem-of";
import { failed, passed, type TestStep, warned } from "@/lib/federation/doctor/test-step";
import { outboundFetch } from "@/lib/platform/http/outbound-fetch";

/** What is tested: a connection with its secret, and where its provider sends browsers back to. */
export interface Target {
  issuer: string;
  clientId: string;
  clientSecret: string;
  authMethod: string;
  scopes: string;
  callback: string;
}

// Whether an address may be plain http is for the guard to say.
export const ASK = {
  [oauth.customFetch]: outboundFetch,
  [oauth.allowInsecureRequests]: true,
} as const;

export interface Discovery {
  steps: TestStep[];
  /** Null when there is nothing to go on with. */
  metadata: oauth.AuthorizationServer | null;
}

/** Asks an issuer about itself (OIDC Discovery 1.0 §4), and looks at what it says. */
export async function askDiscovery(target: Target): Promise<Discovery> {
  const issuer = new URL(target.issuer);
  let answer: Response;
  try {
    answer = await oauth.discoveryRequest(issuer, ASK);
  } catch (error) {
    return { steps: [problemOf("discovery", error, expectationsOf(target))], metadata: null };
  }
  if (answer.status !== 200) {
    const said = `HTTP ${answer.status}`;
    return { steps: [failed("discovery", "discovery-missing", said)], metadata: null };
  }
  const json: unknown = await answer
    .clone()
    .json()
    .catch(() => null);
  if (typeof json !== "object" || json === null) {
    const said = answer.headers.get("content-type") ?? "";
    return { steps: [failed("discovery", "discovery-not-json", said)], metadata: null };
  }
  const { issuer: claimed } = json as { issuer?: unknown };
  try {
    const metadata = await oauth.processDiscoveryResponse(issuer, answer);
    return lookAt(metadata, target);
  } catch {
    const same = String(claimed).replace(/\/$/, "") === target.issuer.replace(/\/$/, "");
    const problem = same ? "issuer-slash" : "issuer-other";
    return { steps: [failed("discovery", problem, String(claimed))], metadata: null };
  }
}

function lookAt(metadata: oauth.AuthorizationServer, target: Target): Discovery {
  const missing = (
    ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"] as const
  ).filter((name) => metadata[name] === undefined);
  if (missing.length > 0) {
    const steps = [failed("discovery", "metadata-incomplete", missing.join(", "))];
    return { steps, metadata: null };
  }
  const steps = [
    passed("discovery", {
      issuer: metadata.issuer,
      authorization: metadata.authorization_endpoint ?? "",
      token: metadata.token_endpoint ?? "",
      userinfo: metadata.userinfo_endpoint ?? "",
    }),
  ];
  const methods = metadata.token_endpoint_auth_methods_supported;
  if (methods !== undefined && !methods.includes(target.authMethod)) {
    steps.push(warned("discovery", "auth-method-unsupported", { offers: methods.join(", ") }));
  }
  const challenges = metadata.code_challenge_methods_supported;
  if (!challenges?.includes("S256")) {
    steps.push(warned("discovery", "pkce-unsupported", { offers: challenges?.join(", ") ?? "" }));
  }
  return { steps, metadata };
}

export const expectationsOf = ({ authMethod }: Target, metadata?: oauth.AuthorizationServer) => ({
  authMethod,
  authMethods: metadata?.token_endpoint_auth_methods_supported,
});

export interface Proofs {
  state: string;
  nonce: string;
  verifier: string;
}

export const newProofs = (): Omit<Proofs, "state"> => ({
  nonce: oauth.generateRandomNonce(),
  verifier: oauth.generateRandomCodeVerifier(),
});

/** Where the browser is sent, as a sign-in would send it. */
export async function authorizationAddress(
  metadata: oauth.AuthorizationServer,
  { clientId, scopes, callback }: Target,
  { state, nonce, verifier }: Proofs,
): Promise<URL> {
  const address = new URL(metadata.authorization_endpoint ?? "");
  for (const [name, value] of Object.entries({
    response_type: "code",
    client_id: clientId,
    redirect_uri: callback,
    scope: scopes,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  })) {
    address.searchParams.set(name, value);
  }
  return address;
}

const PAGE_LENGTH_MAX = 100_000;
// What providers write on the page that a browser is left on: they must not send it back (RFC 6749 §4.1.2.1).
const REDIRECT_WORDS =
  /redirect[_ ]?ur[il]|callback url|reply (url|address)|AADSTS50011|AADSTS900971/i;
const CLIENT_WORDS =
  /invalid_client|AADSTS700016|(unknown|invalid|no such) client|unknown application/i;
const NAMES_CLIENT = /\bclient/i;
const NOT_KNOWN = /not found|unknown|invalid|not exist/i;
/** A sentence that people read, and no script of the page. */
const SENTENCE_LENGTH_MAX = 200;

/** Whether the page says that it does not know the client, in one of its texts between tags. */
const blamesClient = (page: string): boolean =>
  CLIENT_WORDS.test(page) ||
  page
    .split(/[<\n]/)
    .some(
      (text) =>
        text.length <= SENTENCE_LENGTH_MAX && NAMES_CLIENT.test(text) && NOT_KNOWN.test(text),
    );

/**
 * Asks for the page that the browser would be shown. A provider that does not
 * know the client or the callback address keeps the browser there, and would
 * never tell us: its page does.
 */
export async function probeAuthorization(address: URL, callback: string): Promise<TestStep> {
  let answer: Response;
  try {
    answer = await outboundFetch(address, { headers: { accept: "text/html" } });
  } catch (error) {
    const problem = networkProblemOf(error) ?? "unexpected";
    return failed("request", problem, error instanceof Error ? error.message : "");
  }
  const sentTo = answer.headers.get("location");
  const location = sentTo === null ? null : URL.parse(sentTo, address);
  if (location?.href.startsWith(callback)) {
    const { searchParams } = location;
    const error = searchParams.get("error");
    const said = [error, searchParams.get("error_description")].filter(Boolean).join(": ");
    if (error === "invalid_scope") return failed("request", "scope-refused", said);
    if (error !== null && error !== "login_required") {
      return failed("request", "request-refused", said);
    }
  }
  const page = decodeURIComponentSafely(
    `${location?.href ?? ""} ${(await answer.text()).slice(0, PAGE_LENGTH_MAX)}`,
  );
  const isRefusal = answer.status >= 400 || /error/i.test(location?.pathname ?? "");
  if (isRefusal || /AADSTS\d+/.test(page)) return refusalOf(page, `HTTP ${answer.status}`);
  return passed("request", { address: `${address.origin}${address.pathname}` });
}

function refusalOf(page: string, said: string): TestStep {
  if (blamesClient(page)) return failed("request", "client-unknown", said);
  if (REDIRECT_WORDS.test(page)) return failed("request", "redirect-uri", said);
  // It may be a page that only reads like a refusal: whoever goes on sees it.
  return { ...failed("request", "request-refused", said), outcome: "warning" };
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const clientAuthOf = ({ authMethod, clientSecret }: Target): oauth.ClientAuth =>
  authMethod === "client_secret_post"
    ? oauth.ClientSecretPost(clientSecret)
    : oauth.ClientSecretBasic(clientSecret);
