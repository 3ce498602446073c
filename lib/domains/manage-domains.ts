import "server-only";
import { type JsonValue, recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { requiredForDefaultRoles } from "@/lib/authz/usable-roles";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import { findFailure, type ProofRecord, recordOf } from "@/lib/domains/domain-record";
import {
  type DomainRow,
  deleteDomainRow,
  findDomainRow,
  insertDomain,
  listDomainRows,
  markFailing,
  markVerified,
  setAutoJoinRow,
} from "@/lib/domains/domain-store";
import { type DomainRefusal, judgeDomain } from "@/lib/domains/judge-domain";
import { DOMAIN_PERMISSIONS } from "@/lib/domains/permissions";
import { systemResolver, type TxtResolver } from "@/lib/domains/txt-resolver";
import { newSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { isUniqueViolation } from "@/lib/platform/db/errors";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { type Limit, spend } from "@/lib/platform/rate-limit/limiter";
import type { Caller } from "@/lib/shared/caller";
import { hours } from "@/lib/shared/duration";

/** Looked at together, one after the other. */
const DOMAINS_MAX = 100;

/** Each asks somebody else's servers. */
const LOOK_UPS: Limit = { name: "domain-look-up", pointsMax: 60, windowSeconds: hours(1) };

export interface Domain extends Omit<DomainRow, "token"> {
  record: ProofRecord;
}

const shown = ({ token, ...row }: DomainRow): Domain => ({
  ...row,
  record: recordOf({ domain: row.domain, token }),
});

const targetOf = (id: string) => ({ type: "domain", id });
const NOT_FOUND = { outcome: "not-found" } as const;

/** The domains of the caller's organization, by name. */
export async function listDomains(caller: Caller): Promise<Domain[]> {
  await authorize(caller, DOMAIN_PERMISSIONS.view);
  return (await listDomainRows(caller.principal.organizationId)).map(shown);
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
    return await inTransaction(async (tx): Promise<DomainAddition> => {
      if ((await listDomainRows(organizationId, tx)).length >= DOMAINS_MAX) {
        return { outcome: "rejected", reason: "too-many-domains" };
      }
      await insertDomain({ id, organizationId, domain, token: newSecret() }, tx);
      await record(caller, "domain.added", id, { after: { domain } }, tx);
      const row = await findDomainRow(id, organizationId, tx);
      if (row === null) throw new Error("a domain was not there after it was added");
      return { outcome: "added", domain: shown(row) };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return { outcome: "rejected", reason: "domain-taken" };
    throw error;
  }
}

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
  const row = await findDomainRow(id, organizationId);
  if (row === null) return NOT_FOUND;
  const budget = await spend(LOOK_UPS, organizationId);
  if (!budget.allowed) return { outcome: "limited", retryAfterSeconds: budget.retryAfterSeconds };
  // Nothing is held while somebody else's servers are waited for.
  const failure = await findFailure(row, resolver);
  return failure === null ? keepVerified(caller, row) : keepFailure(row, failure);
}

async function keepVerified(caller: Caller, row: DomainRow): Promise<DomainVerification> {
  try {
    return await inTransaction(async (tx): Promise<DomainVerification> => {
      if (!(await markVerified(row.id, row.token, tx))) return NOT_FOUND;
      if (row.verifiedAt === null) {
        await record(caller, "domain.verified", row.id, { after: { domain: row.domain } }, tx);
      }
      const domain = await findDomainRow(row.id, row.organizationId, tx);
      return domain === null ? NOT_FOUND : { outcome: "verified", domain: shown(domain) };
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return keepFailure(row, "verified-elsewhere");
  }
}

async function keepFailure(
  { id }: DomainRow,
  failure: NonNullable<DomainRow["failure"]>,
): Promise<DomainVerification> {
  await inTransaction((tx) => markFailing(id, failure, tx));
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
  return inTransaction(async (tx): Promise<AutoJoinChange> => {
    const row = await findDomainRow(id, organizationId, tx);
    if (row === null) return NOT_FOUND;
    if (autoJoin) {
      const required = await requiredForDefaultRoles(organizationId, tx);
      const target = targetOf(id);
      const beyond = await checkWithinOwn(asCaller(caller), manage, required, target, tx);
      if (beyond !== null) return beyond;
    }
    if (!(await setAutoJoinRow(id, autoJoin, tx))) {
      return { outcome: "rejected", reason: "unverified" };
    }
    if (row.autoJoin !== autoJoin) {
      const states = {
        before: { domain: row.domain, autoJoin: row.autoJoin },
        after: { domain: row.domain, autoJoin },
      };
      await record(caller, "domain.auto_join_changed", id, states, tx);
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
  return inTransaction(async (tx) => {
    const row = await findDomainRow(id, caller.principal.organizationId, tx);
    if (row === null || !(await deleteDomainRow(id, tx))) return NOT_FOUND;
    const before = { domain: row.domain, verified: row.verifiedAt !== null };
    await record(caller, "domain.removed", id, { before }, tx);
    return { outcome: "removed", domain: row.domain };
  });
}

const record = (
  caller: Caller,
  action: string,
  id: string,
  states: { before?: JsonValue; after?: JsonValue },
  tx: Db,
) => recordChange(caller, { action, target: targetOf(id), ...states }, tx);
