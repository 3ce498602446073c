import { Download } from "lucide-react";
import { redirect } from "next/navigation";
import { parseListingAddress } from "@/app/_http/listing-address";
import { requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { validationWords } from "@/app/_locale/validation-words";
import { LiveUpdates } from "@/app/_shell/live-updates";
import { SavedViews } from "@/app/admin/_views/saved-views";
import { AUDIT_PATH, auditApiHref, auditCsvHref, auditHref } from "@/app/admin/audit/address";
import { AuditTable } from "@/app/admin/audit/audit-table";
import { Sealing } from "@/app/admin/audit/sealing";
import { FilterBar, FilterDate, FilterSearch, FilterSelect } from "@/components/form/filter-bar";
import { ButtonLink } from "@/components/ui/button";
import { buttonClass } from "@/components/ui/button-class";
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

export const generateMetadata = titled("admin-audit");

const PAGE_SIZE = 50;

/** What cannot be used narrows nothing, and so must not show everything. */
const NOTHING = { events: [], nextCursor: null, previousCursor: null };

function emptyBecause(wrong: boolean, filtered: boolean) {
  if (wrong) return "wrongText";
  return filtered ? "noMatchText" : "noneText";
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
  const t = await getTranslations("admin-audit");
  const outcomes = await getTranslations("account.outcomes");
  const unknown = result.outcome === "rejected" ? result.names : [];
  const problems = [
    // A field for a date holds nothing else, so what was given is said here.
    ...(await Promise.all(
      unusable.map(async ({ name, message }) => ({
        name: name as keyof AuditListing,
        message: t("givenWas", {
          problem: await validationWords(message),
          given: String(search[name]),
        }),
      })),
    )),
    ...unknown.map((name) => ({
      name,
      message: t("unknownParty", { given: listing[name] ?? "" }),
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
        title={t("title")}
        description={t("description")}
        actions={
          page.events.length > 0 && (
            <a
              href={auditCsvHref(listing)}
              download="audit-events.csv"
              title={t("downloadTitle")}
              className={buttonClass("secondary")}
            >
              <Download aria-hidden="true" />
              {t("download")}
            </a>
          )
        }
      />
      <Sealing caller={caller} />
      <FilterBar
        key={auditHref(listing)}
        action={AUDIT_PATH}
        label={t("filter")}
        clearHref={filtered || problems.length > 0 ? AUDIT_PATH : undefined}
      >
        <FilterSelect
          name="action"
          label={t("labels.action")}
          value={listing.action}
          options={actions.map((action) => ({ value: action, label: action }))}
        />
        <FilterSelect
          name="outcome"
          label={t("labels.outcome")}
          value={listing.outcome}
          options={AUDIT_OUTCOMES.map((outcome) => ({ value: outcome, label: outcomes(outcome) }))}
        />
        <FilterSearch
          name="actor"
          label={t("labels.actor")}
          placeholder={t("partyHint")}
          value={typed("actor")}
        />
        <FilterSearch
          name="target"
          label={t("labels.target")}
          placeholder={t("partyHint")}
          value={typed("target")}
        />
        <FilterSearch
          name="id"
          label={t("labels.id")}
          placeholder={t("idHint")}
          value={typed("id")}
        />
        <FilterDate name="from" label={t("labels.from")} value={listing.from?.slice(0, 10)} />
        <FilterDate name="to" label={t("labels.to")} value={listing.to?.slice(0, 10)} />
      </FilterBar>
      <SavedViews caller={caller} list="audit" href={auditHref(listing)} />
      {problems.map(({ name, message }) => (
        <Callout key={name} tone="danger" role="alert" className="mb-4" title={t(`labels.${name}`)}>
          <p>{message}</p>
        </Callout>
      ))}
      {result.outcome === "listed" && problems.length === 0 && (
        <LiveUpdates
          href={auditApiHref(listing, cursor, PAGE_SIZE)}
          shown={{ of: "events", ids: page.events.map(({ id }) => id) }}
        />
      )}
      {page.events.length === 0 ? (
        <Card>
          <EmptyState
            title={t(filtered || problems.length > 0 ? "noMatch" : "none")}
            description={t(emptyBecause(problems.length > 0, filtered))}
            action={filtered && <ButtonLink href={AUDIT_PATH}>{t("clear")}</ButtonLink>}
          />
        </Card>
      ) : (
        <AuditTable events={page.events} explains={mayExplain} />
      )}
      <Pagination
        label={t("pages")}
        previousHref={turnTo(page.previousCursor)}
        nextHref={turnTo(page.nextCursor)}
      />
    </>
  );
}
