import { z } from "zod";

/** What a template may name; each is filled in once, and nothing in it is looked at again. */
export const PLACEHOLDERS = [
  "user.id",
  "user.name",
  "user.email",
  "organization.slug",
  "organization.name",
  "roles",
] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

const isPlaceholder = (text: string): text is Placeholder =>
  PLACEHOLDERS.some((known) => known === text);

/** Whether a template is the list of roles, and nothing else. */
export const isRoles = (template: string): boolean =>
  template.startsWith("{{") && template.endsWith("}}") && template.slice(2, -2).trim() === "roles";

/** Fills a template in, in one pass; what is no placeholder of ours says nothing. */
export const fillIn = (template: string, wordOf: (name: Placeholder) => string): string =>
  template.replace(PLACEHOLDER, (_, text: string) => {
    const name = text.trim();
    return isPlaceholder(name) ? wordOf(name) : "";
  });

/**
 * Names that mean something to whoever reads a token, or to the engine: RFC 7519
 * §4.1, OIDC Core §2 and §5.1, RFC 9068 §2.2, RFC 8693 §4, RFC 7800, RFC 7662,
 * OIDC Back-Channel Logout. A template that could say them could say who somebody is.
 */
const RESERVED = new Set(
  `iss sub sub_id aud exp nbf iat jti nonce auth_time acr amr azp at_hash c_hash s_hash sub_jwk sid events
   name given_name family_name middle_name nickname preferred_username profile picture website email
   email_verified gender birthdate zoneinfo locale phone_number phone_number_verified address
   updated_at client_id scope scp act may_act cnf active username token_type token_use typ trust_chain
   authorization_details htm htu ath toe txn vc vp verified_claims _claim_names _claim_sources error
   error_description constructor prototype hasownproperty tostring valueof isprototypeof
   propertyisenumerable tolocalestring then tojson`.split(/\s+/),
);

const isReserved = (name: string): boolean => RESERVED.has(name.toLowerCase());

/** A word, or a name in a namespace of one's own, as OIDC Core §5.1.2 has it. */
const CLAIM_NAME = /^(?:[A-Za-z][A-Za-z0-9_]{0,63}|https:\/\/[a-z0-9.-]{1,100}\/[\w./-]{1,100})$/;

/** Whether a claim may have this name, also in a row that came there in another way. */
export const isClaimName = (name: string): boolean => CLAIM_NAME.test(name) && !isReserved(name);

export const ClaimName = z
  .string()
  .trim()
  .regex(CLAIM_NAME, "Use letters, digits and _, or an https address of your own.")
  .refine((name) => !isReserved(name), "This name is reserved: apps rely on what it means.");

const TEMPLATE_LENGTH_MAX = 500;

const placeholdersOf = (text: string): string[] =>
  [...text.matchAll(PLACEHOLDER)].map(([, name = ""]) => name.trim());

const Template = z
  .string()
  .min(1, "Say what the claim says.")
  .max(TEMPLATE_LENGTH_MAX, {
    error: `Use at most ${TEMPLATE_LENGTH_MAX} characters.`,
    abort: true,
  })
  .regex(/^\P{Cc}*$/u, "Use one line of text.")
  .refine((text) => text.isWellFormed(), "Use valid text.")
  .refine(
    (text) => placeholdersOf(text).every(isPlaceholder),
    `Use only ${PLACEHOLDERS.map((name) => `{{${name}}}`).join(", ")}.`,
  )
  .refine(
    (text) => !/\{\{|\}\}/.test(text.replace(PLACEHOLDER, "")),
    "A placeholder is opened or closed only once.",
  )
  .refine(
    (text) => !placeholdersOf(text).includes("roles") || isRoles(text),
    "{{roles}} is a list, and stands alone.",
  );

export const ClaimValue = z.union(
  [
    Template,
    z.number("Use a number.").refine(Number.isSafeInteger, "Use a whole number."),
    z.boolean(),
  ],
  "Use a text, a whole number, true or false.",
);
export type ClaimValue = z.infer<typeof ClaimValue>;

export const CLAIM_TARGETS = ["id_token", "userinfo", "access_token"] as const;
export type ClaimTarget = (typeof CLAIM_TARGETS)[number];

/** Scopes of OpenID Connect say what an app is told; those of the API are in its access tokens. */
export const IDENTITY_SCOPES = ["openid", "profile", "email"] as const;
export const TOKEN_SCOPES = ["api:read", "api:write"] as const;
export const CLAIM_SCOPES = [...IDENTITY_SCOPES, ...TOKEN_SCOPES] as const;

export const NewClaim = z
  .strictObject({
    name: ClaimName,
    value: ClaimValue,
    scope: z.enum(CLAIM_SCOPES, "Choose a scope."),
    targets: z.array(z.enum(CLAIM_TARGETS)).min(1, "Choose at least one place.").max(3),
    clientId: z.string().min(1).max(500).nullable().default(null),
  })
  .refine(
    ({ scope, targets }) =>
      targets.every(
        (target) => TOKEN_SCOPES.some((one) => one === scope) === (target === "access_token"),
      ),
    {
      path: ["targets"],
      message:
        "Claims of openid, profile and email are in the id token and in userinfo; those of an API scope are in the access token.",
    },
  );
export type NewClaim = z.infer<typeof NewClaim>;
