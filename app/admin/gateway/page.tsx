import { parseListingAddress } from "@/app/_http/listing-address";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { GATEWAY_PATH, GatewayListing, gatewayHref } from "@/app/admin/gateway/address";
import { RulesTable } from "@/app/admin/gateway/rules-table";
import { gatewayRules } from "@/app/api/gateway/gateway-rules";
import { FilterBar, FilterSearch, FilterSelect } from "@/components/form/filter-bar";
import { Callout } from "@/components/ui/callout";
import { Card, Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { NAMED } from "@/components/ui/name";
import { PageHeader } from "@/components/ui/page-header";
import { ORIGINAL_METHODS } from "@/lib/gateway/original-request";
import { GATEWAY_PERMISSIONS } from "@/lib/gateway/permissions";
import { listRules, type Trial, tryRequest } from "@/lib/gateway/view-rules";
import { getConfig } from "@/lib/platform/config";

export const generateMetadata = titled("gateway.page");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** The rules of the gateway as this process has read them, and which of them a request would meet (F126). */
export default async function GatewayPage({ searchParams }: Search) {
  const { listing, problems } = parseListingAddress(GatewayListing, await searchParams);
  const caller = await requirePermission(gatewayHref(listing), GATEWAY_PERMISSIONS.view);
  const t = await getTranslations("gateway.page");
  const book = gatewayRules();
  const { method = "GET", address } = listing;
  const [rules, trial] = await answerDenials(() =>
    Promise.all([
      listRules(caller, book),
      address === undefined ? null : tryRequest(caller, book, { method, address }),
    ]),
  );
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      {getConfig().gateway.tokens.length === 0 && (
        <Callout tone="warning" className="mb-4" title={t("noToken")}>
          <p>{t("noTokenText")}</p>
        </Callout>
      )}
      <div className="space-y-6">
        <Section title={t("try")} description={t("tryText")}>
          <FilterBar
            key={gatewayHref(listing)}
            action={GATEWAY_PATH}
            label={t("try")}
            clearHref={address === undefined ? undefined : GATEWAY_PATH}
          >
            <FilterSelect
              name="method"
              label={t("method")}
              value={listing.method}
              anyLabel={ORIGINAL_METHODS[0]}
              options={ORIGINAL_METHODS.filter((name) => name !== "GET").map((name) => ({
                value: name,
                label: name,
              }))}
            />
            <FilterSearch
              name="address"
              label={t("address")}
              placeholder={t("addressExample")}
              value={address}
            />
          </FilterBar>
          {problems.length > 0 && (
            <Callout tone="danger" role="alert">
              <p>{t("unfit")}</p>
            </Callout>
          )}
          {trial !== null && <Verdict trial={trial} t={t} />}
        </Section>
        {rules.length === 0 ? (
          <Card>
            <EmptyState title={t("none")} description={t("noneText")} />
          </Card>
        ) : (
          <RulesTable rules={rules} />
        )}
      </div>
    </>
  );
}

function Verdict({
  trial,
  t,
}: {
  trial: Trial;
  t: Awaited<ReturnType<typeof getTranslations<"gateway.page">>>;
}) {
  if (trial.outcome === "chosen") {
    return (
      <Callout tone="success" role="status">
        <p>{t.rich("met", { ...NAMED, name: trial.rule.name })}</p>
      </Callout>
    );
  }
  return (
    <Callout tone="danger" role="status" title={t("refused")}>
      <p>{t(`reasons.${trial.outcome === "unreadable" ? "unreadable" : trial.reason}`)}</p>
    </Callout>
  );
}
