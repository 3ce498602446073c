import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { findFailure } from "@/lib/domains/domain-record";
import {
  claimDueDomain,
  type DomainRow,
  findDomainRow,
  markFailing,
  markVerified,
  unverifyFailing,
} from "@/lib/domains/domain-store";
import { systemResolver, type TxtResolver } from "@/lib/domains/txt-resolver";
import { inTenant } from "@/lib/platform/db/tenant";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";

const CHECKED_EVERY_HOURS = 24;

/** A record that is gone for longer is gone for good: the domain may be somebody else's by now. */
export const FAILING_DAYS = 7;

/** One run looks at no more, so that servers that do not answer hold up nothing else. */
const CHECKS_MAX = 20;

/**
 * Looks again for the records of verified domains, each once a day, whichever of many instances
 * asks. A domain whose record was not found for a week is not verified any more.
 */
export async function recheckDomains(resolver: TxtResolver = systemResolver): Promise<number> {
  for (let count = 0; count < CHECKS_MAX; count += 1) {
    const due = await claimDueDomain(CHECKED_EVERY_HOURS);
    if (due === null) return count;
    const domain = await inTenant(due.organizationId, (tenant) =>
      findDomainRow(due.id, due.organizationId, tenant),
    );
    if (domain !== null) await recheck(domain, resolver);
  }
  return CHECKS_MAX;
}

async function recheck(row: DomainRow, resolver: TxtResolver): Promise<void> {
  const failure = await findFailure(row, resolver);
  await inTransaction(async (tx) => {
    const taken = await inTenant(
      row.organizationId,
      async (tenant) => {
        if (failure === null) {
          await markVerified(row.id, row.token, tenant);
          return false;
        }
        await markFailing(row.id, failure, tenant);
        return unverifyFailing(row.id, FAILING_DAYS, tenant);
      },
      tx,
    );
    if (!taken) return;
    await recordEvent(
      {
        action: "domain.unverified",
        outcome: "success",
        actor: { type: "system" },
        target: { type: "domain", id: row.id },
        reason: failure ?? undefined,
        before: { domain: row.domain, autoJoin: row.autoJoin },
      },
      { requestId: newId(), decisionId: newId(), ip: null, userAgent: null },
      tx,
    );
  });
}
