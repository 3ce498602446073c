import { Plus } from "lucide-react";
import { redirect } from "next/navigation";
import { useTranslations } from "#translations";
import { parseListingAddress } from "@/app/_http/listing-address";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { upTo } from "@/app/_locale/count-words";
import { getTranslations, titled } from "@/app/_locale/translations";
import {
  ORGANIZATIONS_PATH,
  organizationPath,
  searchHref,
} from "@/app/admin/organizations/address";
import { OrganizationFlash } from "@/app/admin/organizations/organization-flash";
import { FilterBar, FilterSearch } from "@/components/form/filter-bar";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { RelativeTime } from "@/components/ui/relative-time";
import {
  Cell,
  ColumnHeader,
  RowHeader,
  Table,
  TableBody,
  TableHead,
  TableRow,
} from "@/components/ui/table";
import {
  listOrganizations,
  managesOrganizations,
  type Organization,
} from "@/lib/organizations/find-organizations";
import { Search } from "@/lib/organizations/organization.schema";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";

export const generateMetadata = titled("admin-organizations");

const PAGE_SIZE = 25;

/** Every organization, for whoever manages them all; whoever sees only their own is led there. */
export default async function OrganizationsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { listing, cursor } = parseListingAddress(Search, await searchParams);
  const here = searchHref(ORGANIZATIONS_PATH, listing, cursor);
  const caller = await requirePermission(here, ORGANIZATION_PERMISSIONS.view);
  const { principal } = caller;
  if (!(await managesOrganizations(caller))) {
    redirect(organizationPath(principal.organizationId));
  }
  const result = await answerDenials(() =>
    listOrganizations(caller, listing, { cursor, limit: PAGE_SIZE }),
  );
  // An old cursor, or a page whose organizations are gone: the list begins elsewhere now.
  if (result.outcome === "rejected") redirect(searchHref(ORGANIZATIONS_PATH, listing));
  const { organizations, nextCursor, previousCursor } = result;
  if (organizations.length === 0 && cursor !== undefined) {
    redirect(searchHref(ORGANIZATIONS_PATH, listing));
  }
  const t = await getTranslations("admin-organizations");
  const turnTo = (to: string | null) =>
    to === null ? undefined : searchHref(ORGANIZATIONS_PATH, listing, to);
  return (
    <>
      <OrganizationFlash />
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={
          <ButtonLink href={`${ORGANIZATIONS_PATH}/new`} variant="primary">
            <Plus aria-hidden="true" />
            {t("new.title")}
          </ButtonLink>
        }
      />
      <FilterBar
        key={here}
        action={ORGANIZATIONS_PATH}
        {...(listing.q && { clearHref: ORGANIZATIONS_PATH })}
      >
        <FilterSearch placeholder={t("list.search")} value={listing.q} />
      </FilterBar>
      {organizations.length === 0 ? (
        <Card>
          <EmptyState title={t("list.none")} description={t("list.noneText")} />
        </Card>
      ) : (
        <OrganizationTable organizations={organizations} current={principal.organizationId} />
      )}
      <Pagination previousHref={turnTo(previousCursor)} nextHref={turnTo(nextCursor)} />
    </>
  );
}

function OrganizationTable({
  organizations,
  current,
}: {
  organizations: Organization[];
  current: string;
}) {
  const t = useTranslations("admin-organizations");
  const counts = useTranslations("admin-counts");
  return (
    <Table caption={t("title")}>
      <TableHead>
        <ColumnHeader>{t("list.name")}</ColumnHeader>
        <ColumnHeader>{t("list.slug")}</ColumnHeader>
        <ColumnHeader align="end">{t("list.members")}</ColumnHeader>
        <ColumnHeader narrow>{t("list.created")}</ColumnHeader>
      </TableHead>
      <TableBody>
        {organizations.map(({ id, name, slug, memberCount, createdAt }) => (
          <TableRow key={id}>
            <RowHeader className="max-w-64">
              <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <Link
                  href={organizationPath(id)}
                  className="rounded-sm [overflow-wrap:anywhere] hover:underline"
                >
                  {name}
                </Link>
                {id === current && <Badge tone="accent">{t("inUse")}</Badge>}
              </span>
            </RowHeader>
            <Cell className="max-w-64 truncate text-ink-soft">{slug}</Cell>
            <Cell align="end" narrow>
              {upTo(counts, memberCount)}
            </Cell>
            <Cell narrow className="text-ink-soft">
              <RelativeTime value={createdAt} />
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
