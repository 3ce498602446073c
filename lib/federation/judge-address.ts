import "server-only";
import { findStanding } from "@/lib/domains/verified-domains";
import { isOfDefaultOrganization } from "@/lib/federation/connection-store";
import type { ConnectionTerms } from "@/lib/federation/connections";

type Terms = Pick<ConnectionTerms, "domains" | "organizationId">;

/**
 * Whether an address that a provider names would get somebody new an account. Where the provider
 * is silent, who has the domain answers for its addresses, and nobody else (F83). What a connection
 * says of a domain that another organization has proven is not its to say (ATK-15).
 */
export async function judgeAddress(
  email: string,
  verified: boolean | null,
  { domains, organizationId }: Terms,
): Promise<"counts" | "email-unverified" | "domain-not-allowed"> {
  const domain = email.slice(email.lastIndexOf("@") + 1);
  const standing = organizationId && (await findStanding(domain, organizationId));
  const listed = domains.length === 0 || domains.includes(domain);
  if (!(verified ?? (domains.includes(domain) && standing === "own"))) return "email-unverified";
  return listed && (await mayName(standing, organizationId)) ? "counts" : "domain-not-allowed";
}

/** Of domains that nobody has proven the default organization may say what it is told, and no other. */
async function mayName(
  standing: Awaited<ReturnType<typeof findStanding>> | "" | null,
  organizationId: string | null,
): Promise<boolean> {
  if (organizationId === null || standing === "own") return true;
  return standing === "unverified" && (await isOfDefaultOrganization(organizationId));
}
