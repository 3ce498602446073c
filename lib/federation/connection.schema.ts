import { z } from "zod";

export const PRESETS = [
  "auth0",
  "okta",
  "keycloak",
  "entra-id",
  "gitlab",
  "google-workspace",
  "openid",
] as const;
export type Preset = (typeof PRESETS)[number];

const AUTH_METHODS = ["client_secret_basic", "client_secret_post"] as const;

/** Ids that connections cannot have: those of the environment, and of the ticket's provider. */
export const RESERVED_IDS: readonly string[] = ["google", "github", "credentials"];

export const DEFAULT_SCOPES = "openid profile email";

const line = (most: number, empty: string) =>
  z
    .string()
    .trim()
    .min(1, empty)
    .max(most, `Use at most ${most} characters.`)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, "Use one line of text.");

/** Stands in the callback address and beside each identity, and so never changes. */
const Slug = z
  .string()
  .trim()
  .regex(/^[a-z][a-z0-9-]{1,39}$/, "Use 2 to 40 small letters, digits and hyphens, a letter first.")
  .refine((slug) => !RESERVED_IDS.includes(slug), "This one is taken. Choose another.");

/** An issuer is an https address without query and fragment (OIDC Discovery 1.0 §3). */
const Issuer = z
  .string()
  .trim()
  .max(500, "Use at most 500 characters.")
  .transform((text, context) => {
    const url = URL.parse(text);
    const fits =
      url !== null &&
      /^https?:$/.test(url.protocol) &&
      !/[?#]/.test(text) &&
      url.username === "" &&
      url.password === "";
    if (fits) return text.replace(/\/\.well-known\/openid-configuration$/, "");
    context.addIssue({
      code: "custom",
      message: "Enter an address such as https://id.example.com.",
    });
    return z.NEVER;
  });

const Scopes = z
  .string()
  .trim()
  .max(500, "Use at most 500 characters.")
  .regex(/^[\x21\x23-\x5b\x5d-\x7e ]*$/, "Use scopes separated by spaces.")
  .transform((text) => [...new Set(text.split(/ +/))].join(" "))
  .refine((text) => text.split(" ").includes("openid"), "The scope openid is needed.");

const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

const Domains = z
  .string()
  .max(2_000, "Use at most 2000 characters.")
  .transform((text) => [
    ...new Set(
      text
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(Boolean),
    ),
  ])
  .refine((list) => list.every((domain) => DOMAIN.test(domain)), {
    message: "Use domains such as example.com, separated by spaces.",
  });

const Secret = line(1_000, "Enter the client secret.");

/** What can be changed later. */
const Settings = z.object({
  name: line(60, "Enter a name."),
  clientId: line(500, "Enter the client id."),
  authMethod: z.enum(AUTH_METHODS),
  scopes: Scopes,
  domains: Domains,
});

/** Where the provider is, as each preset asks for it. */
const Place = z.object({
  issuer: z.string().max(500).default(""),
  domain: z.string().trim().toLowerCase().max(253).default(""),
  authorizationServer: z.string().trim().max(100).default(""),
  address: z.string().trim().max(500).default(""),
  realm: z.string().trim().max(200).default(""),
  tenant: z.string().trim().toLowerCase().max(100).default(""),
});
type Place = z.output<typeof Place>;
export type PlaceField = keyof Place;

const HOST = /^([a-z0-9-]+\.)+[a-z]{2,63}$/;
const TENANT = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Derived = { issuer: string } | { field: PlaceField; message: string };

const ofHost = (domain: string, path: string): Derived =>
  HOST.test(domain)
    ? { issuer: `https://${domain}${path}` }
    : {
        field: "domain",
        message: "Enter a domain such as example.eu.auth0.com, without https://.",
      };

function ofAddress(address: string, path: string): Derived {
  const parsed = Issuer.safeParse(address);
  return parsed.success
    ? { issuer: `${parsed.data.replace(/\/$/, "")}${path}` }
    : { field: "address", message: "Enter an address such as https://id.example.com." };
}

/** The issuer that a preset's fields stand for, as the provider itself writes it. */
function issuerOf(preset: Preset, place: Place): Derived {
  switch (preset) {
    case "auth0":
      return ofHost(place.domain, "/");
    case "okta": {
      const server = place.authorizationServer;
      return ofHost(place.domain, server && `/oauth2/${encodeURIComponent(server)}`);
    }
    case "keycloak":
      return place.realm === ""
        ? { field: "realm", message: "Enter the realm." }
        : ofAddress(place.address, `/realms/${encodeURIComponent(place.realm)}`);
    case "entra-id":
      // One tenant: with "common" every tenant's administrator could vouch for any address.
      return TENANT.test(place.tenant)
        ? { issuer: `https://login.microsoftonline.com/${place.tenant}/v2.0` }
        : { field: "tenant", message: "Enter the directory (tenant) id: 32 digits with hyphens." };
    case "gitlab":
      return ofAddress(place.address, "");
    case "google-workspace":
      return { issuer: "https://accounts.google.com" };
    case "openid": {
      const parsed = Issuer.safeParse(place.issuer);
      return parsed.success
        ? { issuer: parsed.data }
        : { field: "issuer", message: parsed.error.issues[0]?.message ?? "Enter an address." };
    }
  }
}

export const ConnectionInput = Settings.extend(Place.shape)
  .extend({ preset: z.enum(PRESETS), slug: Slug, clientSecret: Secret })
  .transform(
    ({ issuer, domain, authorizationServer, address, realm, tenant, ...rest }, context) => {
      const place = { issuer, domain, authorizationServer, address, realm, tenant };
      const derived = issuerOf(rest.preset, place);
      if (rest.preset === "google-workspace" && rest.domains.length === 0) {
        const message = "Enter the domain of your Workspace: else every Google account gets in.";
        context.addIssue({ code: "custom", path: ["domains"], message });
        return z.NEVER;
      }
      if ("issuer" in derived) return { ...rest, issuer: derived.issuer };
      context.addIssue({ code: "custom", path: [derived.field], message: derived.message });
      return z.NEVER;
    },
  );
export type ConnectionInput = z.output<typeof ConnectionInput>;

/** A secret belongs to the issuer that gave it: {@link ConnectionChange} to another one has its own. */
const ChangedSecret = z.preprocess(
  (secret) => (secret === "" ? undefined : secret),
  Secret.optional(),
);

export const ConnectionChange = Settings.extend({ issuer: Issuer, clientSecret: ChangedSecret });
export type ConnectionChange = z.output<typeof ConnectionChange>;

export const ConnectionSecret = z.object({ clientSecret: Secret });

/** A connection as a file of configuration has it: all of it but the secret. */
export const DescribedConnection = z.strictObject({
  slug: Slug,
  name: Settings.shape.name,
  preset: z.enum(PRESETS),
  issuer: Issuer,
  clientId: Settings.shape.clientId,
  authMethod: Settings.shape.authMethod.default("client_secret_basic"),
  scopes: Scopes.default(DEFAULT_SCOPES),
  domains: z
    .array(z.string().max(253).toLowerCase().regex(DOMAIN, "Use domains such as example.com."))
    .max(100)
    .default([]),
  enabled: z.boolean().default(false),
});
export type DescribedConnection = z.output<typeof DescribedConnection>;
