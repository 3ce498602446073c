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
import { can } from "@/lib/authz/decide";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";

export const metadata: Metadata = { title: "Audit" };

const PAGE_SIZE = 50;

const LABELS: Record<string, string> = {
  id: "Event, request or decision id",
  actor: "Actor",
  action: "Action",
  target: "Target",
  outcome: "Outcome",
  from: "From",
  to: "To",
};

/** What cannot be used narrows nothing, and so must not show everything. */
const NOTHING = { events: [], nextCursor: null, previousCursor: null };

function emptyBecause(wrong: boolean, filtered: boolean): string {
  if (wrong) return "Nothing is shown until that is mended.";
  return filtered ? "Try a longer period, or fewer filters." : "What people do appears here.";
}

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function AuditPage({ searchParams }: Search) {
  const search = await searchParams;
  const { listing, problems: unusable, cursor } = parseListingAddress(AuditListing, search);
  const caller = await requirePermission(auditHref(listing, cursor), AUDIT_PERMISSIONS.view);
  const [result, actions, mayExplain] = await Promise.all([
    listAuditEvents(caller, listing, { cursor, limit: PAGE_SIZE }),
    listAuditActions(caller),
    can(caller, DECISION_PERMISSIONS.view),
  ]);
  if (result.outcome === "rejected" && result.reason === "unknown-cursor") {
    redirect(auditHref(listing));
  }
  const unknown = result.outcome === "rejected" ? result.names : [];
  const problems = [
    // A field for a date holds nothing else, so what was given is said here.
    ...unusable.map(({ name, message }) => ({
      name,
      message: `${message} Given was “${String(search[name])}”.`,
    })),
    ...unknown.map((name) => ({
      name,
      message: `Nothing here has the id, email address or name “${listing[name] ?? ""}”.`,
    })),
  ];
  const page = result.outcome === "listed" && problems.length === 0 ? result : NOTHING;
  const filtered = Object.keys(listing).length > 0;
  const typed = (name: keyof AuditListing) => {
    const value = search[name];
    return typeof value === "string" ? value : undefined;
  };
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
          placeholder="Email address, name or id"
          value={typed("actor")}
        />
        <FilterSearch
          name="target"
          label="Target"
          placeholder="Email address, name or id"
          value={typed("target")}
        />
        <FilterSearch
          name="id"
          label="Event, request or decision id"
          placeholder="As an error or a refusal tells it"
          value={typed("id")}
        />
        <FilterDate name="from" label="From" value={listing.from?.slice(0, 10)} />
        <FilterDate name="to" label="To" value={listing.to?.slice(0, 10)} />
      </FilterBar>
      {problems.map(({ name, message }) => (
        <Callout key={name} tone="danger" role="alert" className="mb-4" title={LABELS[name]}>
          <p>{message}</p>
        </Callout>
      ))}
      {page.events.length === 0 ? (
        <Card>
          <EmptyState
            title={filtered || problems.length > 0 ? "No events match" : "No events yet"}
            description={emptyBecause(problems.length > 0, filtered)}
            action={filtered && <ButtonLink href={AUDIT_PATH}>Clear filters</ButtonLink>}
          />
        </Card>
      ) : (
        <AuditTable events={page.events} explains={mayExplain} />
      )}
      <Pagination
        label="Pages of the audit log"
        previousHref={turnTo(page.previousCursor)}
        nextHref={turnTo(page.nextCursor)}
      />
    </>
  );
}
