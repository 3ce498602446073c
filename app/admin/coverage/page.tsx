import { useTranslations } from "#translations";
import { parseListingAddress } from "@/app/_http/listing-address";
import { requirePermission } from "@/app/_http/page";
import { getPermissionWords } from "@/app/_locale/permission-words";
import { getTranslations, titled } from "@/app/_locale/translations";
import { validationWords } from "@/app/_locale/validation-words";
import { accessHref } from "@/app/admin/access/address";
import { COVERAGE_PATH, coverageHref } from "@/app/admin/coverage/address";
import { AreaTable } from "@/app/admin/coverage/area-table";
import { CoverageListing } from "@/app/admin/coverage/listing.schema";
import { SurfaceTable } from "@/app/admin/coverage/surface-table";
import { listSurfaces, SURFACE_KINDS, type Surface } from "@/app/admin/coverage/surfaces";
import { getAreaWords } from "@/app/admin/coverage/words";
import { PERMISSIONS } from "@/app/permissions";
import { FilterBar, FilterSelect } from "@/components/form/filter-bar";
import { ButtonLink } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Card, Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { TextLink } from "@/components/ui/text-link";
import { can } from "@/lib/authz/decide";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";
import { SETTINGS_PERMISSIONS } from "@/lib/settings/permissions";

export const generateMetadata = titled("admin-coverage");

/** What is taken that is no permission. */
const NO_PERMISSION = ["anonymous", "signed-in"] as const;
const PERMISSION_OPTIONS = PERMISSIONS.map(({ key }) => ({ value: key, label: key })).toSorted(
  (a, b) => a.value.localeCompare(b.value),
);

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function CoveragePage({ searchParams }: Search) {
  const { listing, problems } = parseListingAddress(CoverageListing, await searchParams);
  const caller = await requirePermission(coverageHref(listing), SETTINGS_PERMISSIONS.viewCoverage);
  const mayAskWho = await can(caller, DECISION_PERMISSIONS.view);
  const refused = await Promise.all(problems.map(({ message }) => validationWords(message)));
  const all = listSurfaces();
  const t = await getTranslations("admin-coverage");
  const titleOf = await getAreaWords();
  const permissionWords = await getPermissionWords();
  const shown = all.filter(
    ({ needs, kind, area }) =>
      (listing.needs === undefined || needs === listing.needs) &&
      (listing.area === undefined || area === listing.area) &&
      (listing.kind === undefined || kind === listing.kind),
  );
  const areas = byArea(shown);
  const permission = PERMISSIONS.find(({ key }) => key === listing.needs);
  const filtered = Object.keys(listing).length > 0;
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <FilterBar
        key={coverageHref(listing)}
        action={COVERAGE_PATH}
        label={t("filter.label")}
        clearHref={filtered || refused.length > 0 ? COVERAGE_PATH : undefined}
      >
        <FilterSelect
          name="needs"
          label={t("filter.needs")}
          value={listing.needs}
          options={[
            ...NO_PERMISSION.map((value) => ({ value, label: t(`needs.${value}`) })),
            ...PERMISSION_OPTIONS,
          ]}
        />
        <FilterSelect
          name="area"
          label={t("filter.area")}
          value={listing.area}
          options={byArea(all).map(([area]) => ({ value: area, label: titleOf(area) }))}
        />
        <FilterSelect
          name="kind"
          label={t("filter.kind")}
          value={listing.kind}
          options={SURFACE_KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))}
        />
      </FilterBar>
      {refused.map((message) => (
        <Callout key={message} tone="danger" role="alert" className="mb-4">
          <p>{message}</p>
        </Callout>
      ))}
      <p className="figures mb-4 text-ink-soft text-sm">
        {t("shown", { shown: shown.length, all: all.length })}
        {permission !== undefined && (
          <>
            {" "}
            {t("permission", { key: permission.key, description: permissionWords(permission) })}
            {mayAskWho && <WhoHasIt permission={permission.key} />}
          </>
        )}
      </p>
      {shown.length === 0 ? (
        <Card>
          <EmptyState
            title={t("none")}
            description={t("noneText")}
            action={<ButtonLink href={COVERAGE_PATH}>{t("filter.clear")}</ButtonLink>}
          />
        </Card>
      ) : filtered ? (
        <div className="space-y-6">
          {areas.map(([area, surfaces]) => (
            <Section key={area} title={titleOf(area)} flush>
              <SurfaceTable caption={titleOf(area)} surfaces={surfaces} />
            </Section>
          ))}
        </div>
      ) : (
        <AreaTable areas={areas} />
      )}
    </>
  );
}

const byArea = (surfaces: Surface[]): [area: string, surfaces: Surface[]][] =>
  [...Map.groupBy(surfaces, ({ area }) => area)].toSorted(([one], [other]) =>
    one.localeCompare(other),
  );

function WhoHasIt({ permission }: { permission: string }) {
  const t = useTranslations("admin-coverage");
  return (
    <>
      {" "}
      <TextLink href={accessHref({ permission })}>{t("whoHasIt")}</TextLink>
    </>
  );
}
