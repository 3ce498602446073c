import { z } from "zod";
import { CLIENT_KINDS, type ClientKind as Kind, keepsSecret } from "@/lib/shared/client-kind";
import { LOOPBACK_HOSTS } from "@/lib/shared/loopback";
import { SearchText } from "@/lib/shared/search.schema";

export const ClientKind = z.enum(CLIENT_KINDS, "Choose web, single_page, native or service.");

/** Scopes of protected resources; those of OpenID Connect any client may ask for. */
export const RESOURCE_SCOPES = [
  "api:read",
  "api:write",
  "tokens:introspect",
  "tokens:exchange",
] as const;
export type ResourceScope = (typeof RESOURCE_SCOPES)[number];

/** With it a client looks up tokens that are not its own, as a gateway does (RFC 7662 §4). */
export const TOKENS_INTROSPECT = "tokens:introspect" satisfies ResourceScope;

/** With it a client acts for users whose tokens it is shown (RFC 8693). */
export const TOKENS_EXCHANGE = "tokens:exchange" satisfies ResourceScope;

/** What reaches beyond a client's own tokens: for clients that prove who they are, by those who may do all. */
export const isMightyScope = (scope: string): boolean =>
  scope === TOKENS_INTROSPECT || scope === TOKENS_EXCHANGE;

/**
 * With what an ID token can be signed: ES256 unless a client asks for another
 * one. Many older libraries know RS256 alone.
 */
export const SIGNING_ALGORITHMS = ["ES256", "EdDSA", "RS256"] as const;

/** While one replaces the other there are two. */
export const SECRETS_MAX = 2;

/** The length of a list of addresses, which are separated by one character. */
export const ADDRESSES_LENGTH_MAX = 2_000;

/** Its users read it where they decide: characters that turn text around stay out of it. */
export const ClientName = z
  .string()
  .trim()
  .normalize("NFC")
  .min(1, "Enter a name.")
  .max(60, "Use at most 60 characters.")
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/u, "Use one line of text.")
  .refine((text) => text.isWellFormed(), "Use valid text.");

/** What an address is judged by with the client's kind: see {@link problemsOf}. */
export const Addresses = z
  .array(z.string())
  .transform((list) => [...new Set(list)])
  .refine((list) => list.join("\n").length <= ADDRESSES_LENGTH_MAX, {
    message: `Use at most ${ADDRESSES_LENGTH_MAX} characters in all.`,
  });

export const Scopes = z
  .array(z.enum(RESOURCE_SCOPES, `Use ${RESOURCE_SCOPES.join(", ")}.`))
  .transform((list) => [...new Set(list)]);

/** What can be changed of a client. Its kind stays: another kind is another client. */
export const ClientSettings = z.strictObject({
  name: ClientName,
  redirectUris: Addresses,
  postLogoutRedirectUris: Addresses,
  backchannelLogoutUri: z
    .string()
    .trim()
    .max(500, "Use at most 500 characters.")
    .nullable()
    .transform((address) => address || null),
  scopes: Scopes,
  firstParty: z.boolean(),
  idTokenAlgorithm: z.enum(SIGNING_ALGORITHMS, `Use ${SIGNING_ALGORITHMS.join(", ")}.`),
  /** Its authorization requests count only when it has pushed them (RFC 9126 §6, F54). */
  requirePushedRequests: z.boolean(),
});
export type ClientSettings = z.output<typeof ClientSettings>;

export const NewClient = ClientSettings.extend({
  kind: ClientKind,
  redirectUris: Addresses.default([]),
  scopes: Scopes.default([]),
  postLogoutRedirectUris: Addresses.default([]),
  backchannelLogoutUri: ClientSettings.shape.backchannelLogoutUri.default(null),
  firstParty: z.boolean().default(false),
  idTokenAlgorithm: ClientSettings.shape.idTokenAlgorithm.default("ES256"),
  requirePushedRequests: z.boolean().default(false),
});

/** Whether a JWK has a part that is nobody's but its owner's (RFC 7518 §6, RFC 8037 §2). */
export const isSecretKey = (jwk: object): boolean =>
  ["d", "k", "p", "q", "priv"].some((part) => part in jwk);

export const SECRET_KEY_GIVEN =
  "this is a private or a shared key: give its public part, and make a new one, for this one has been shown";

/** What narrows a list of clients, as its address says it. */
export const ClientListing = z.strictObject({
  q: SearchText.optional(),
  kind: ClientKind.optional(),
  status: z.enum(["active", "disabled"], "Choose active or disabled.").optional(),
});
export type ClientListing = z.infer<typeof ClientListing>;

/** RFC 8252 §7.1: a domain of one's own, the other way round, so that two apps do not share it. */
const PRIVATE_USE_SCHEME = /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/;

/** Why a client of this kind cannot have this address, or null (RFC 9700 §2.6, RFC 8252 §7). */
export function redirectUriProblem(uri: string, kind: Kind): string | null {
  if (!/^[\x21-\x7e]+$/.test(uri) || /[\\"<>^`{|}]/.test(uri)) {
    return "use letters, digits and signs of plain ASCII";
  }
  if (uri.includes("*")) return "there are no wildcards; addresses are compared as they are";
  const scheme = missingScheme(uri);
  if (scheme !== null) return `begin it with ${scheme}, as ${scheme}${uri}`;
  const url = URL.parse(uri);
  if (url === null) return "enter a whole address, such as https://app.example.com/callback";
  if (uri.includes("#")) return "leave out the # and what follows it";
  if (url.username !== "" || url.password !== "") return "leave out the user name and the @";
  const problem = schemeProblem(url, kind);
  if (problem !== null) return problem;
  return url.href === uri || url.href === `${uri}/` ? null : `write it as ${url.href}`;
}

/** What an address lacks that begins with its host, which a URL takes for a scheme before a port. */
function missingScheme(uri: string): "http://" | "https://" | null {
  const [, host, port] = /^([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d+)?(?:[/?#]|$)/i.exec(uri) ?? [];
  if (host === undefined) return null;
  if (LOOPBACK_HOSTS.has(host.toLowerCase())) return "http://";
  return port !== undefined || host.includes(".") ? "https://" : null;
}

function schemeProblem({ protocol, hostname }: URL, kind: Kind): string | null {
  const loopback = LOOPBACK_HOSTS.has(hostname);
  if (protocol === "https:") {
    return kind === "native" && loopback ? "use http for an address of the machine itself" : null;
  }
  if (protocol === "http:") {
    return loopback ? null : "use https; only localhost, 127.0.0.1 and [::1] may do without";
  }
  if (kind !== "native") return "use https";
  return PRIVATE_USE_SCHEME.test(protocol)
    ? null
    : "a scheme of your own has a dot, as com.example.app:/callback";
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Everything that does not fit together in a client, by field and in words; empty when it does. */
export function problemsOf({
  kind,
  redirectUris,
  postLogoutRedirectUris,
  backchannelLogoutUri,
  scopes,
  firstParty,
  requirePushedRequests,
}: Omit<ClientSettings, "name" | "scopes" | "idTokenAlgorithm"> & {
  kind: Kind;
  scopes: string[];
}): Record<string, string[]> {
  const problems: Record<string, string[]> = {};
  const add = (field: string, text: string) => {
    problems[field] = [...(problems[field] ?? []), text];
  };
  if (kind === "service") {
    const none = "A service acts for itself, never for a user.";
    if (redirectUris.length > 0) add("redirectUris", none);
    if (postLogoutRedirectUris.length > 0) add("postLogoutRedirectUris", none);
    if (backchannelLogoutUri !== null) add("backchannelLogoutUri", none);
    if (firstParty) add("firstParty", none);
    if (requirePushedRequests) add("requirePushedRequests", none);
  } else {
    // A device without a browser has none: its user types a code elsewhere (RFC 8628).
    if (redirectUris.length === 0 && kind !== "native") {
      add("redirectUris", "Enter at least one address.");
    }
    for (const [field, uris] of Object.entries({ redirectUris, postLogoutRedirectUris })) {
      for (const uri of uris) {
        const problem = redirectUriProblem(uri, kind);
        if (problem !== null) add(field, `${uri}: ${problem}.`);
      }
    }
    // It is asked by us, not by a browser: what a web app's address may be.
    const problem = backchannelLogoutUri && redirectUriProblem(backchannelLogoutUri, "web");
    if (problem) add("backchannelLogoutUri", `${capitalized(problem)}.`);
  }
  const mighty = scopes.find(isMightyScope);
  if (!keepsSecret(kind) && mighty) add("scopes", `${mighty} is for clients that keep a secret.`);
  return problems;
}
