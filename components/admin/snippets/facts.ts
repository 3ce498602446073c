import type { ClientKind } from "@/lib/shared/client-kind";

/** What a snippet is filled in with. */
export interface SnippetFacts {
  issuer: string;
  /** The JSON API as a resource. */
  api: string;
  clientId: string;
  /** Only where it is shown anyway; else the snippet says where it goes. */
  secret: string | null;
  kind: ClientKind;
  signs: boolean;
  redirectUri: string;
  scopes: string[];
  idTokenAlgorithm: string;
}

/** What has to be said beside a snippet, by its place in the catalogue. */
export type SnippetNote =
  | "notForApi"
  | "javaScript"
  | "authJs"
  | "authJsRegister"
  | "spring"
  | "springFiles"
  | "springNoEdDsa"
  | "nginx"
  | "apache"
  | "apacheNoEdDsa"
  | "curl";

export interface Snippet {
  /** Of the library or program. */
  name: string;
  notes: SnippetNote[];
  /** That its notes are about. */
  address?: string;
  code: string;
}

// Somebody pastes these: whatever they are filled in with stays within its quotes.
export const js = (text: string): string => JSON.stringify(text);
export const sh = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

export const secretOf = ({ secret }: SnippetFacts): string => secret ?? "<client secret>";

/** The scopes of the API that the client has; empty where its tokens are none for the API. */
export const apiScopes = ({ scopes }: SnippetFacts): string =>
  scopes.filter((scope) => scope.startsWith("api:")).join(" ");

/** What an app asks its users for: all that it can have. */
export const signInScope = (facts: SnippetFacts): string =>
  `openid profile email ${apiScopes(facts)}`.trim();

/** A call of the API that any of these tokens may make, and the method that it takes. */
export function sampleCall(facts: SnippetFacts): { method: "GET"; url: string } | null {
  if (!facts.scopes.includes("api:read")) return null;
  // A service is no user, so that it has no /me.
  return { method: "GET", url: `${facts.api}/${facts.kind === "service" ? "users" : "me"}` };
}

/** Whether this is a service whose token opens nothing of the API. */
export const isIdle = (facts: SnippetFacts): boolean =>
  facts.kind === "service" && apiScopes(facts) === "";

/** A native app without an address is signed in by a code (RFC 8628). */
export const isDevice = ({ kind, redirectUri }: SnippetFacts): boolean =>
  kind === "native" && redirectUri === "";

/** The last part of a callback address of this shape, which a library calls the provider's id. */
export function providerId({ redirectUri }: SnippetFacts, path: string): string | null {
  const { pathname = "" } = URL.parse(redirectUri) ?? {};
  const id = pathname.startsWith(path) ? pathname.slice(path.length) : "";
  return /^[\w-]+$/.test(id) ? id : null;
}

export const originOf = ({ redirectUri }: SnippetFacts): string =>
  URL.parse(redirectUri)?.origin ?? "https://app.example.com";
