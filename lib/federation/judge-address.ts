import "server-only";
import { findStanding } from "@/lib/domains/verified-domains";
import type { ConnectionTerms } from "@/lib/federation/connections";

/**
 * Whether an address that a provider names would get somebody new an account. Where the provider
 * is silent, who has the domain answers for its addresses, and nobody else (F83).
 */
export async function judgeAddress(
  email: string,
  verified: boolean | null,
  { domains, organizationId }: Pick<ConnectionTerms, "domains" | "organizationId">,
): Promise<"counts" | "email-unverified" | "domain-not-allowed"> {
  const domain = email.slice(email.lastIndexOf("@") + 1);
  const standing = organizationId && (await findStanding(domain, organizationId));
  const ofDomain = domains.includes(domain) && standing !== "elsewhere";
  if (!(verified ?? (ofDomain && standing === "own"))) return "email-unverified";
  return domains.length === 0 || ofDomain ? "counts" : "domain-not-allowed";
}
