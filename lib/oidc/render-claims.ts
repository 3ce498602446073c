import "server-only";
import { Buffer } from "node:buffer";
import {
  type ClaimValue,
  fillIn,
  isClaimName,
  isRoles,
  type Placeholder,
} from "@/lib/oidc/claim-template.schema";

/** A claim with its name counts so many bytes of JSON at most: tokens travel in headers. */
export const CLAIM_BYTES_MAX = 1_024;
/** All of them together. */
export const CLAIMS_BYTES_MAX = 4_096;

/** What is known of a user when a template is filled in; null for what they do not have. */
export interface ClaimFacts {
  id: string;
  name: string | null;
  email: string;
  organizationSlug: string | null;
  organizationName: string | null;
  roles: string[];
}

export interface ClaimSource {
  name: string;
  value: unknown;
}

export interface RenderedClaims {
  claims: [name: string, value: string | number | boolean | string[]][];
  /** Names of what was too large, in the order in which it was left out. */
  leftOut: string[];
}

const textOf = (placeholder: Exclude<Placeholder, "roles">, facts: ClaimFacts): string => {
  switch (placeholder) {
    case "user.id":
      return facts.id;
    case "user.name":
      return facts.name ?? "";
    case "user.email":
      return facts.email;
    case "organization.slug":
      return facts.organizationSlug ?? "";
    case "organization.name":
      return facts.organizationName ?? "";
  }
};

/** Fills a template in, in one pass: what a user is called is never looked at as a template. */
function valueOf(
  value: ClaimValue,
  facts: ClaimFacts,
): string | number | boolean | string[] | null {
  if (typeof value !== "string") return value;
  if (isRoles(value)) return facts.roles;
  const text = fillIn(value, (name) => (name === "roles" ? "" : textOf(name, facts)));
  // Somebody without a name has no claim that says nothing.
  return text === "" ? null : text;
}

const isClaimValue = (value: unknown): value is ClaimValue =>
  ["string", "number", "boolean"].includes(typeof value);

/**
 * The claims of a user by these templates, in their order. What is reserved, is
 * of a kind that this version does not know, or has no value is not among them;
 * what is too large is left out and named. Never throws: a claim that cannot be
 * made keeps nobody from signing in (F43).
 */
export function renderClaims(sources: readonly ClaimSource[], facts: ClaimFacts): RenderedClaims {
  const rendered: RenderedClaims = { claims: [], leftOut: [] };
  let total = 0;
  for (const { name, value } of sources) {
    if (!isClaimName(name) || !isClaimValue(value)) continue;
    const claim = valueOf(value, facts);
    if (claim === null) continue;
    const bytes = Buffer.byteLength(JSON.stringify({ [name]: claim }));
    if (bytes > CLAIM_BYTES_MAX || total + bytes > CLAIMS_BYTES_MAX) {
      rendered.leftOut.push(name);
      continue;
    }
    total += bytes;
    rendered.claims.push([name, claim]);
  }
  return rendered;
}
