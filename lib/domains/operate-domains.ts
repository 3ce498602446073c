import "server-only";
import type { Operator } from "@/lib/authz/authority";
import { type DomainRow, listAllDomainRows } from "@/lib/domains/domain-store";
import { type DomainRefusal, judgeDomain } from "@/lib/domains/judge-domain";
import { writeAutoJoin, writeDomainRemoval, writeNewDomain } from "@/lib/domains/write-domain";
import { newSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { inPlace } from "@/lib/platform/db/tenant";
import { newId } from "@/lib/platform/id";

// Domains as whoever operates the machine changes them. Nobody but the DNS says whose one is (F83).

export type { DomainRow };

/** Every domain that any organization says is its own, by name. */
export const listDomainsAsOperator = (tx: Db): Promise<DomainRow[]> =>
  inPlace(null, listAllDomainRows, tx);

export type DomainWriteRejection =
  | { outcome: "rejected"; reason: DomainRefusal | "too-many-domains" }
  /** Nobody joins by a domain that is not verified. */
  | { outcome: "rejected"; reason: "unverified" };

/** Says that a domain is the organization's own. It counts for nothing until it is verified (F83). */
export async function addDomainAsOperator(
  operator: Operator,
  organizationId: string,
  domain: string,
  tx: Db,
): Promise<DomainWriteRejection | null> {
  const refusal = judgeDomain(domain);
  if (refusal !== null) return { outcome: "rejected", reason: refusal };
  const wanted = { id: newId(), organizationId, domain, token: newSecret() };
  const row = await writeNewDomain(operator, wanted, tx);
  return row === null ? { outcome: "rejected", reason: "too-many-domains" } : null;
}

/** Lets whoever confirms an address of the domain become a member, or not any more. */
export async function setAutoJoinAsOperator(
  operator: Operator,
  row: DomainRow,
  autoJoin: boolean,
  tx: Db,
): Promise<DomainWriteRejection | null> {
  const written = await writeAutoJoin(operator, row, autoJoin, tx);
  return written ? null : { outcome: "rejected", reason: "unverified" };
}

/** Removes a domain; whoever joined by it stays a member. */
export async function removeDomainAsOperator(
  operator: Operator,
  row: DomainRow,
  tx: Db,
): Promise<void> {
  await writeDomainRemoval(operator, row, tx);
}
