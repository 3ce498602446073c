import { Plus } from "lucide-react";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import { parseListingAddress } from "@/app/_http/listing-address";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { clientPath, clientsHref, LIST_PATH, NEW_PATH } from "@/app/admin/clients/address";
import { ClientFlash } from "@/app/admin/clients/client-flash";
import { StatusBadge } from "@/app/admin/clients/status-badge";
import { FilterBar, FilterSearch, FilterSelect } from "@/components/form/filter-bar";
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
import { TextLink } from "@/components/ui/text-link";
import { can } from "@/lib/authz/decide";
import { ClientListing } from "@/lib/oidc/client.schema";
import { type Client, isDisabled, searchClients } from "@/lib/oidc/manage-clients";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";
import { CLIENT_KINDS } from "@/lib/shared/client-kind";

export const generateMetadata = titled("admin-clients");

const PAGE_SIZE = 25;
const API = { link: (words: ReactNode) => <TextLink href="/developers">{words}</TextLink> };

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ClientsPage({ searchParams }: Search) {
  const { listing, cursor } = parseListingAddress(ClientListing, await searchParams);
  const caller = await requirePermission(clientsHref(listing, cursor), CLIENT_PERMISSIONS.view);
  const result = await answerDenials(() =>
    searchClients(caller, listing, { cursor, limit: PAGE_SIZE }),
  );
  // An old cursor, or a page whose clients are gone: the list begins elsewhere now.
  if (result.outcome === "rejected" || (result.clients.length === 0 && cursor !== undefined)) {
    redirect(clientsHref(listing));
  }
  const { clients, nextCursor, previousCursor } = result;
  const filtered = Object.values(listing).some(Boolean);
  const none = clients.length === 0 && !filtered;
  const turnTo = (to: string | null) => (to === null ? undefined : clientsHref(listing, to));
  const t = await getTranslations("admin-clients");
  const newClient = (await can(caller, CLIENT_PERMISSIONS.manage)) && (
    <ButtonLink href={NEW_PATH} variant="primary">
      <Plus aria-hidden="true" />
      {t("new.title")}
    </ButtonLink>
  );
  return (
    <>
      <ClientFlash />
      <PageHeader
        title={t("title")}
        description={t.rich("description", API)}
        actions={!none && newClient}
      />
      {!none && (
        <FilterBar
          // The key empties the fields when the address they show has changed.
          key={clientsHref(listing)}
          action={LIST_PATH}
          label={t("list.filter")}
          clearHref={filtered ? LIST_PATH : undefined}
        >
          <FilterSearch placeholder={t("list.search")} value={listing.q} />
          <FilterSelect
            name="kind"
            label={t("list.kind")}
            value={listing.kind}
            options={CLIENT_KINDS.map((kind) => ({ value: kind, label: t(`kinds.${kind}.name`) }))}
          />
          <FilterSelect
            name="status"
            label={t("list.status")}
            value={listing.status}
            options={[
              { value: "active", label: t("status.active") },
              { value: "disabled", label: t("status.disabled") },
            ]}
          />
        </FilterBar>
      )}
      {clients.length === 0 ? (
        <Card>
          <EmptyState
            title={t(filtered ? "list.noMatch" : "list.none")}
            description={t(filtered ? "list.noMatchText" : "list.noneText")}
            action={
              filtered ? <ButtonLink href={LIST_PATH}>{t("list.clear")}</ButtonLink> : newClient
            }
          />
        </Card>
      ) : (
        <ClientTable clients={clients} />
      )}
      <Pagination
        label={t("list.pages")}
        previousHref={turnTo(previousCursor)}
        nextHref={turnTo(nextCursor)}
      />
    </>
  );
}

function ClientTable({ clients }: { clients: Client[] }) {
  const t = useTranslations("admin-clients");
  return (
    <Table caption={t("title")}>
      <TableHead>
        <ColumnHeader>{t("list.name")}</ColumnHeader>
        <ColumnHeader className="max-sm:hidden">{t("list.clientId")}</ColumnHeader>
        <ColumnHeader>{t("list.status")}</ColumnHeader>
        <ColumnHeader align="end" className="max-sm:hidden">
          {t("list.lastUsed")}
        </ColumnHeader>
      </TableHead>
      <TableBody>
        {clients.map((client) => (
          <TableRow key={client.id}>
            <RowHeader className="max-w-60">
              <Link
                href={clientPath(client.id)}
                className="rounded-sm [overflow-wrap:anywhere] hover:underline"
              >
                {client.name}
              </Link>
              <span className="block truncate font-normal text-ink-soft text-xs">
                {t(`kinds.${client.kind}.name`)}
              </span>
            </RowHeader>
            <Cell className="max-w-80 truncate font-mono text-ink-soft text-xs max-sm:hidden">
              {client.id}
            </Cell>
            <Cell narrow>
              <span className="flex flex-wrap gap-1.5">
                <StatusBadge disabled={isDisabled(client)} />
                {client.firstParty && <Badge>{t("firstParty")}</Badge>}
              </span>
            </Cell>
            <Cell align="end" narrow className="text-ink-soft max-sm:hidden">
              {client.lastUsedAt === null ? t("never") : <RelativeTime value={client.lastUsedAt} />}
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
