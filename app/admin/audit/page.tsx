import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { parseListingAddress } from "@/app/_http/listing-address";
import { requirePermission } from "@/app/_http/page";
import { AUDIT_PATH, auditHref } from "@/app/admin/audit/address";
import { AuditTable } from "@/app/admin/audit/audit-table";
import { FilterBar, FilterDate, FilterSearch, FilterSelect } from "@/components/form/filter-bar";
import { ButtonLink } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { AUDIT_PERMISSIONS } from "@/lib/audit/permissions";
import { AUDIT_OUTCOMES, AuditListing } from "@/lib/audit-log/audit-log.schema";
import { listAuditActions, listAuditEvents } from "@/lib/audit-log/list-audit-events";

export const metadata: Metadata = { title: "Audit" };

const PAGE_SIZE = 50;

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function AuditPage({ searchParams }: Search) {
  const { listing, problems, cursor } = parseListingAddress(AuditListing, await searchParams);
  const caller = await requirePermission(auditHref(listing, cursor), AUDIT_PERMISSIONS.view);
  const [result, actions] = await Promise.all([
    listAuditEvents(caller, listing, { cursor, limit: PAGE_SIZE }),
    listAuditActions(caller),
  ]);
  if (result.outcome === "rejected") redirect(auditHref(listing));
  const filtered = Object.keys(listing).length > 0;
  const turnTo = (to: string | null) => (to === null ? undefined : auditHref(listing, to));
  return (
    <>
      <PageHeader
        title="Audit"
        description="What was done, tried and refused, by whom. Newest first."
      />
      <FilterBar
        key={auditHref(listing)}
        action={AUDIT_PATH}
        label="Filter events"
        clearHref={filtered || problems.length > 0 ? AUDIT_PATH : undefined}
      >
        <FilterSelect
          name="action"
          label="Action"
          value={listing.action}
          options={actions.map((action) => ({ value: action, label: action }))}
        />
        <FilterSelect
          name="outcome"
          label="Outcome"
          value={listing.outcome}
          options={AUDIT_OUTCOMES.map((outcome) => ({ value: outcome, label: outcome }))}
        />
        <FilterSearch
          name="actor"
          label="Actor"
          placeholder="Id of a user or app"
          value={listing.actor}
        />
        <FilterSearch name="target" label="Target" placeholder="Id" value={listing.target} />
        <FilterDate name="from" label="From" value={listing.from?.slice(0, 10)} />
        <FilterDate name="to" label="To" value={listing.to?.slice(0, 10)} />
      </FilterBar>
      {problems.map(({ name, message }) => (
        <Callout key={name} tone="warning" role="status" className="mb-4" title={name}>
          <p>{message}</p>
        </Callout>
      ))}
      {result.events.length === 0 ? (
        <Card>
          <EmptyState
            title={filtered ? "No events match" : "No events yet"}
            description={
              filtered ? "Try a longer period, or fewer filters." : "What people do appears here."
            }
            action={filtered && <ButtonLink href={AUDIT_PATH}>Clear filters</ButtonLink>}
          />
        </Card>
      ) : (
        <AuditTable events={result.events} />
      )}
      <Pagination
        label="Pages of the audit log"
        previousHref={turnTo(result.previousCursor)}
        nextHref={turnTo(result.nextCursor)}
      />
    </>
  );
}
