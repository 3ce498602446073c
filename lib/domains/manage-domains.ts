import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { inHeldChange } from "@/lib/authz/held-change";
import { requiredForDefaultRoles } from "@/lib/authz/usable-roles";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import { findFailure, type ProofRecord, recordOf } from "@/lib/domains/domain-record";
import {
  type DomainRow,
  findDomainRow,
  listDomainRows,
  markFailing,
  markVerified,
} from "@/lib/domains/domain-store";
import { type DomainRefusal, judgeDomain } from "@/lib/domains/judge-domain";
import { DOMAIN_PERMISSIONS } from "@/lib/domains/permissions";
import { systemResolver, type TxtResolver } from "@/lib/domains/txt-resolver";
import {
  targetOf,
  writeAutoJoin,
  writeDomainRemoval,
  writeNewDomain,
} from "@/lib/domains/write-domain";
import { newSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { isUniqueViolation } from "@/lib/platform/db/errors";
import { inTenant } from "@/lib/platform/db/tenant";
import { newId } from "@/lib/platform/id";
import { type Limit, spend } from "@/lib/platform/rate-limit/limiter";
import type { Caller } from "@/lib/shared/caller";
import { hours } from "@/lib/shared/duration";

/** Each asks somebody else's servers. */
const LOOK_UPS: Limit = { name: "domain-look-up", pointsMax: 60, windowSeconds: hours(1) };

export interface Domain extends Omit<DomainRow, "token"> {
  record: ProofRecord;
}

const shown = ({ token, ...row }: DomainRow): Domain => ({
  ...row,
  record: recordOf({ domain: row.domain, token }),
});

const NOT_FOUND = { outcome: "not-found" } as const;

/** The domains of the caller's organization, by name. */
export async function listDomains(caller: Caller): Promise<Domain[]> {
  await authorize(caller, DOMAIN_PERMISSIONS.view);
  const { organizationId } = caller.principal;
  const rows = await inTenant(organizationId, (tenant) => listDomainRows(organizationId, tenant));
  return rows.map(shown);
}

export type DomainAddition =
  | { outcome: "added"; domain: Domain }
  | { outcome: "rejected"; reason: DomainRefusal | "domain-taken" | "too-many-domains" };

/** Says that a domain is the organization's own. It counts for nothing until it is verified (F83). */
export async function addDomain(caller: Caller, domain: string): Promise<DomainAddition> {
  const id = newId();
  await authorize(caller, DOMAIN_PERMISSIONS.manage, { id });
  const refusal = judgeDomain(domain);
  if (refusal !== null) return { outcome: "rejected", reason: refusal };
  const { organizationId } = caller.principal;
  try {
    return await inHeldChange(
      caller,
      DOMAIN_PERMISSIONS.manage,
      async (tx): Promise<DomainAddition> => {
        const wanted = { id, organizationId, domain, token: newSecret() };
        const row = await writeNewDomain(asCaller(caller), wanted, tx);
        if (row === null) return { outcome: "rejected", reason: "too-many-domains" };
        return { outcome: "added", domain: shown(row) };
      },
    );
  } catch (error) {
    if (isUniqueViolation(error)) return { outcome: "rejected", reason: "domain-taken" };
    throw error;
  }
}

/** The domain, when it is of the caller's organization (ATK-43). */
const findOwn = (
  { principal: { organizationId } }: Caller,
  id: string,
  tx?: Db,
): Promise<DomainRow | null> =>
  inTenant(organizationId, (tenant) => findDomainRow(id, organizationId, tenant), tx);

export type DomainVerification =
  | { outcome: "verified"; domain: Domain }
  | { outcome: "rejected"; reason: NonNullable<DomainRow["failure"]> }
  | { outcome: "limited"; retryAfterSeconds: number }
  | typeof NOT_FOUND;

/**
 * Looks for the record in the DNS. The domain is the organization's once it is there, and no other
 * organization's: of two that ask at the same time one gets it. A look that fails takes nothing
 * back at once.
 */
export async function verifyDomain(
  caller: Caller,
  id: string,
  resolver: TxtResolver = systemResolver,
): Promise<DomainVerification> {
  await authorize(caller, DOMAIN_PERMISSIONS.manage, { id });
  const { organizationId } = caller.principal;
  const row = await findOwn(caller, id);
  if (row === null) return NOT_FOUND;
  const budget = await spend(LOOK_UPS, organizationId);
  if (!budget.allowed) return { outcome: "limited", retryAfterSeconds: budget.retryAfterSeconds };
  // Nothing is held while somebody else's servers are waited for.
  const failure = await findFailure(row, resolver);
  return failure === null ? keepVerified(caller, row) : keepFailure(caller, row, failure);
}

async function keepVerified(caller: Caller, row: DomainRow): Promise<DomainVerification> {
  try {
    return await inHeldChange(
      caller,
      DOMAIN_PERMISSIONS.manage,
      async (tx): Promise<DomainVerification> => {
        const domain = await inTenant(
          row.organizationId,
          async (tenant) =>
            (await markVerified(row.id, row.token, tenant))
              ? findDomainRow(row.id, row.organizationId, tenant)
              : null,
          tx,
        );
        if (domain === null) return NOT_FOUND;
        if (row.verifiedAt === null) {
          const target = targetOf(row.id);
          const after = { domain: row.domain };
          await recordChange(caller, { action: "domain.verified", target, after }, tx);
        }
        return { outcome: "verified", domain: shown(domain) };
      },
    );
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return keepFailure(caller, row, "verified-elsewhere");
  }
}

async function keepFailure(
  caller: Caller,
  { id, organizationId }: DomainRow,
  failure: NonNullable<DomainRow["failure"]>,
): Promise<DomainVerification> {
  await inHeldChange(caller, DOMAIN_PERMISSIONS.manage, (tx) =>
    inTenant(organizationId, (tenant) => markFailing(id, failure, tenant), tx),
  );
  return { outcome: "rejected", reason: failure };
}

export type AutoJoinChange =
  | { outcome: "changed"; domain: Domain }
  | { outcome: "rejected"; reason: "unverified" }
  | BeyondOwn
  | typeof NOT_FOUND;

/**
 * Lets whoever confirms an address of the domain become a member, with the roles of whoever signs
 * up: the caller holds what these give (ATK-42). Never for a domain that is not verified (F83).
 */
export async function setAutoJoin(
  caller: Caller,
  id: string,
  autoJoin: boolean,
): Promise<AutoJoinChange> {
  const { manage } = DOMAIN_PERMISSIONS;
  await authorize(caller, manage, { id });
  const { organizationId } = caller.principal;
  return inHeldChange(caller, manage, async (tx): Promise<AutoJoinChange> => {
    const row = await findOwn(caller, id, tx);
    if (row === null) return NOT_FOUND;
    if (autoJoin) {
      const required = await requiredForDefaultRoles(organizationId, tx);
      const target = targetOf(id);
      const beyond = await checkWithinOwn(asCaller(caller), manage, required, target, tx);
      if (beyond !== null) return beyond;
    }
    if (!(await writeAutoJoin(asCaller(caller), row, autoJoin, tx))) {
      return { outcome: "rejected", reason: "unverified" };
    }
    return { outcome: "changed", domain: shown({ ...row, autoJoin }) };
  });
}

/** Removes a domain; whoever joined by it stays a member. */
export async function removeDomain(
  caller: Caller,
  id: string,
): Promise<{ outcome: "removed"; domain: string } | typeof NOT_FOUND> {
  await authorize(caller, DOMAIN_PERMISSIONS.manage, { id });
  const { organizationId } = caller.principal;
  return inHeldChange(caller, DOMAIN_PERMISSIONS.manage, async (tx) => {
    const row = await writeDomainRemoval(asCaller(caller), { id, organizationId }, tx);
    if (row === null) return NOT_FOUND;
    return { outcome: "removed", domain: row.domain };
  });
}
