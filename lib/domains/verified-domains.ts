import "server-only";
import { findVerifiedBy } from "@/lib/domains/domain-store";

/** Whose a domain is, as its DNS has shown: the organization's, another one's, or nobody's that we know. */
export async function findStanding(
  domain: string,
  organizationId: string,
): Promise<"own" | "elsewhere" | "unverified"> {
  const owner = await findVerifiedBy(domain);
  if (owner === null) return "unverified";
  return owner === organizationId ? "own" : "elsewhere";
}
