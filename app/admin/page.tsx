import { redirect } from "next/navigation";
import { listingHref, parseListingAddress } from "@/app/_http/listing-address";
import { answerDenials, requireCaller, requirePermission } from "@/app/_http/page";
import { getCountWords } from "@/app/_locale/count-words";
import { requestLanguage } from "@/app/_locale/request-language";
import { getTranslations, titled } from "@/app/_locale/translations";
import { LiveUpdates } from "@/app/_shell/live-updates";
import { listAdministrationItems, OVERVIEW_PATH } from "@/app/_shell/navigation";
import { auditApiHref } from "@/app/admin/audit/address";
import { OverviewCharts } from "@/app/admin/overview-charts";
import { ChoiceLinks } from "@/components/ui/choice-links";
import { PageHeader } from "@/components/ui/page-header";
import { Stat, StatGroup } from "@/components/ui/stat";
import { absoluteTime } from "@/components/ui/time-format";
import { AUDIT_PERMISSIONS } from "@/lib/audit/permissions";
import { describeOverview } from "@/lib/audit-log/describe-overview";
import { OverviewListing, RANGE_NAMES } from "@/lib/audit-log/overview.schema";
import { can } from "@/lib/authz/decide";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { countEverySession } from "@/lib/users/user-sessions";

export const generateMetadata = titled("admin-overview");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/**
 * What went on, for whoever may read of it; everybody else is led to the first page that they may open.
 *
 * @needs view_audit_log Everybody else is led on.
 */
export default async function AdminPage({ searchParams }: Search) {
  const caller = await requireCaller(OVERVIEW_PATH);
  if (!(await can(caller, AUDIT_PERMISSIONS.view))) {
    const [first] = await listAdministrationItems(caller);
    if (first) redirect(first.href);
    // Holding none of the permissions, they lack the first: the answer is 403 with its decision.
    await requirePermission(OVERVIEW_PATH, USER_PERMISSIONS.view);
  }
  const { listing } = parseListingAddress(OverviewListing, await searchParams);
  const [overview, liveSessions] = await answerDenials(() =>
    Promise.all([describeOverview(caller, listing.range), countEverySession(caller)]),
  );
  const t = await getTranslations("admin-overview");
  const upTo = await getCountWords();
  const { totals, lockedAttempts, everywhere, from } = overview;
  const since = absoluteTime(from, await requestLanguage());
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description", { since })}
        actions={
          <ChoiceLinks
            label={t("period")}
            choices={RANGE_NAMES.map((name) => ({
              label: t(`ranges.${name}`),
              href: listingHref(OVERVIEW_PATH, { range: name }),
              chosen: name === listing.range,
            }))}
          />
        }
      />
      <LiveUpdates href={auditApiHref({}, undefined, 1)} follow />
      <div className="space-y-6">
        <StatGroup>
          <Stat label={t("charts.signIns.title")} value={totals.signIns} />
          {everywhere && <Stat label={t("charts.failures.title")} value={totals.failures} />}
          {everywhere && (
            <Stat label={t("lockedAttempts")} value={lockedAttempts} note={t("amongFailed")} />
          )}
          <Stat label={t("charts.refusals.title")} value={totals.refusals} />
          {liveSessions !== null && (
            <Stat label={t("openSessions")} value={upTo(liveSessions)} href="/admin/sessions" />
          )}
        </StatGroup>
        <OverviewCharts overview={overview} />
      </div>
    </>
  );
}
