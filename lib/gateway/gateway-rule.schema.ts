import { z } from "zod";
import { AAL1, AAL2, AAL3 } from "@/lib/shared/assurance";

/** What a rule may speak of; HEAD is asked of the rule for GET. */
export const RULE_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/**
 * A literal is made of what no encoding can spell another way, so that a path cannot be written
 * past it; `*` stands for one segment, `**` at the end for any number of them, none included.
 */
const PATTERN = /^\/(?:(?:[A-Za-z0-9._~-]+|\*)\/)*(?:[A-Za-z0-9._~-]+|\*{1,2})?$/;
const isDotted = (pattern: string) => pattern.split("/").some((part) => /^\.{1,2}$/.test(part));

const isHost = (host: string): boolean =>
  /^[a-z0-9.:[\]-]+$/.test(host) &&
  ["http", "https"].some((scheme) => {
    const url = URL.parse(`${scheme}://${host}`);
    return url?.host === host && !url.hostname.endsWith(".");
  });

const Access = z.union([
  z.literal("anonymous"),
  z.literal("signed-in"),
  z.strictObject({ permission: z.string().min(1).max(100) }),
]);

export const GatewayRule = z
  .strictObject({
    /** Names the rule in logs, decisions and limits. */
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
    /** As a URL writes it: lower case, with a port where it is not that of the scheme. */
    host: z.string().max(260).refine(isHost, "must be a host as a URL writes it"),
    path: z
      .string()
      .max(500)
      .regex(PATTERN)
      .refine((path) => !isDotted(path), "must have no dot segments"),
    /** Every method, where nothing is said. */
    methods: z.array(z.enum(RULE_METHODS)).min(1).optional(),
    /** Whom the assertion is for: the service that checks it. */
    audience: z
      .string()
      .min(1)
      .max(255)
      .regex(/^[\x21-\x7e]+$/),
    access: Access,
    /** What a token must be good for; left out, as for the API: to read, or to write. */
    scope: z.enum(["api:read", "api:write"]).optional(),
    /** The least class of the session. */
    acr: z.enum([AAL1, AAL2, AAL3]).optional(),
    /** The longest time in seconds since the user last proved who they are. */
    maxAge: z.int().min(60).max(86_400).optional(),
    /** Also for service accounts, which are no users. */
    services: z.boolean().default(false),
    /** Also for whoever acts as somebody else. */
    impersonated: z.boolean().default(false),
    /** Whether the service is given the caller's Authorization header, to exchange the token. */
    passAuthorization: z.boolean().default(false),
    /** By one user or service, or one network where nobody is asked who they are. */
    rateLimit: z
      .strictObject({
        requests: z.int().min(1).max(1_000_000),
        seconds: z.int().min(1).max(86_400),
      })
      .optional(),
  })
  .refine(
    ({ access, scope, acr, maxAge, services, impersonated, passAuthorization }) =>
      access !== "anonymous" ||
      (scope === undefined &&
        acr === undefined &&
        maxAge === undefined &&
        !services &&
        !impersonated &&
        !passAuthorization),
    "an anonymous rule asks nobody who they are, and so nothing else of them",
  );
export type GatewayRule = z.output<typeof GatewayRule>;

export const GatewayRules = z.strictObject({
  $schema: z.string().optional(),
  rules: z.array(GatewayRule).max(1_000),
});
