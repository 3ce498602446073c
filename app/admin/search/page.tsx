import { useTranslations } from "#translations";
import { listingHref, parseListingAddress } from "@/app/_http/listing-address";
import { answerDenials, requireCaller } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { SEARCH_PATH } from "@/app/_search/address";
import { searchEverything } from "@/app/_search/search-everything";
import { listOffered } from "@/app/_shell/shortcuts";
import { FilterBar, FilterSearch } from "@/components/form/filter-bar";
import { groupOffers, type OfferGroup } from "@/components/layout/hit-groups";
import { NavIcon } from "@/components/layout/nav-icon";
import { Callout } from "@/components/ui/callout";
import { Card, Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { SearchListing } from "@/lib/shared/search.schema";
import { SEARCH_LENGTH_MIN } from "@/lib/shared/search-length";

export const generateMetadata = titled("shell.search");

interface Address {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** What the palette finds, for whoever has no script or sends the address on. */
export default async function SearchPage({ searchParams }: Address) {
  const { listing } = parseListingAddress(SearchListing, await searchParams);
  const { q = "" } = listing;
  const caller = await requireCaller(listingHref(SEARCH_PATH, { q: q || undefined }));
  const t = await getTranslations("shell.search");
  const asked = q.length >= SEARCH_LENGTH_MIN;
  const [offered, result] = await answerDenials(() =>
    Promise.all([listOffered(caller), asked ? searchEverything(caller, q) : null]),
  );
  const groups = groupOffers(offered, result?.outcome === "found" ? result.hits : [], q);
  return (
    <div className="max-w-3xl">
      <PageHeader title={t("title")} description={t("description")} />
      <FilterBar
        key={q}
        action={SEARCH_PATH}
        label={t("form")}
        clearHref={q === "" ? undefined : SEARCH_PATH}
      >
        <FilterSearch placeholder={t("placeholder")} value={q} />
      </FilterBar>
      {result?.outcome === "limited" && (
        <Callout tone="warning" role="alert" className="mb-4" title={t("tooMany")}>
          <p>{t("tooManyText", { count: result.retryAfterSeconds })}</p>
        </Callout>
      )}
      {groups.length === 0 ? (
        <Card>
          <EmptyState
            title={t("none")}
            description={asked ? t("nothing") : t("tooShort", { count: SEARCH_LENGTH_MIN })}
          />
        </Card>
      ) : (
        <div className="space-y-6">
          {groups.map((group) => (
            <Group key={group.of} group={group} />
          ))}
        </div>
      )}
    </div>
  );
}

function Group({ group: { of, offers } }: { group: OfferGroup }) {
  const t = useTranslations("palette.groups");
  return (
    <Section title={t(of)} flush>
      <ul className="divide-y divide-line">
        {offers.map(({ href, label, detail, icon }) => (
          <li key={`${href} ${label}`}>
            <Link
              href={href}
              className="flex items-center gap-3 px-5 py-3 text-sm hover:bg-sunken sm:px-6"
            >
              <NavIcon name={icon} className="size-4 shrink-0 text-ink-faint" />
              <span className="min-w-0 truncate text-ink">{label}</span>
              {detail !== null && (
                <span className="min-w-0 truncate text-ink-soft text-xs">{detail}</span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
