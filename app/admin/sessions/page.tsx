import { Monitor } from "lucide-react";
import { redirect } from "next/navigation";
import { listingHref, parseListingAddress } from "@/app/_http/listing-address";
import { requirePermission } from "@/app/_http/page";
import { wordsOfDevice } from "@/app/_locale/device-words";
import { getTranslations, titled } from "@/app/_locale/translations";
import { LiveUpdates } from "@/app/_shell/live-updates";
import { SavedViews } from "@/app/admin/_views/saved-views";
import { endSessionAction } from "@/app/admin/sessions/actions";
import { SESSIONS_PATH, sessionsHref } from "@/app/admin/sessions/address";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { FilterBar, FilterSearch } from "@/components/form/filter-bar";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { timeAgo } from "@/components/ui/relative-time";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { SessionListing } from "@/lib/users/user.schema";
import { listEverySession } from "@/lib/users/user-sessions";

export const generateMetadata = titled("admin-sessions");

const PAGE_SIZE = 50;

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function AdminSessionsPage({ searchParams }: Search) {
  const { listing, cursor } = parseListingAddress(SessionListing, await searchParams);
  const { q } = listing;
  const caller = await requirePermission(
    sessionsHref(listing, cursor),
    USER_PERMISSIONS.revokeSessions,
  );
  const result = await listEverySession(caller, { q, cursor, limit: PAGE_SIZE });
  // An old cursor, or a page whose sessions have ended: the list begins elsewhere now.
  if (result.outcome === "rejected" || (result.sessions.length === 0 && cursor !== undefined)) {
    redirect(sessionsHref(listing));
  }
  const t = await getTranslations("admin-sessions");
  const devices = await getTranslations("auth.device");
  const turnTo = (to: string | null) => (to === null ? undefined : sessionsHref(listing, to));
  return (
    <>
      <PageHeader title={t("heading")} description={t("description")} />
      <FilterBar
        key={q}
        action={SESSIONS_PATH}
        label={t("filter")}
        clearHref={q ? SESSIONS_PATH : undefined}
      >
        <FilterSearch placeholder={t("placeholder")} value={q} />
      </FilterBar>
      <LiveUpdates
        href={listingHref("/api/v1/organization-sessions", {
          q,
          cursor,
          limit: String(PAGE_SIZE),
        })}
        shown={{ of: "sessions", ids: result.sessions.map(({ id }) => id) }}
        idsOnly
      />
      <SavedViews caller={caller} list="sessions" href={sessionsHref(listing)} />
      <Card>
        {result.sessions.length === 0 ? (
          <EmptyState
            title={t("noMatch")}
            description={t("noMatchText")}
            action={<ButtonLink href={SESSIONS_PATH}>{t("clear")}</ButtonLink>}
          />
        ) : (
          <ItemList>
            {result.sessions.map((session) => (
              <Item
                key={session.id}
                leading={<Monitor aria-hidden="true" />}
                title={session.user.name ?? session.user.email}
                aside={
                  <>
                    {session.id === caller.principal.session.id && (
                      <Badge tone="accent">{t("here")}</Badge>
                    )}
                    {session.impersonatorId !== null && (
                      <Badge tone="warning">{t("actedAs")}</Badge>
                    )}
                  </>
                }
                actions={
                  <ConfirmDialog
                    trigger={t("end")}
                    triggerLabel={t("endOf", { email: session.user.email })}
                    variant="secondary"
                    title={t("endTitle")}
                    description={t("endText", { email: session.user.email })}
                    confirmLabel={t("endSession")}
                    action={endSessionAction}
                    fields={{ userId: session.user.id, sessionId: session.id }}
                  />
                }
              >
                {session.user.email} · {wordsOfDevice(session.userAgent, devices)} ·{" "}
                {session.ip ?? t("unknownAddress")} ·{" "}
                {t.rich("lastSeen", timeAgo(session.lastSeenAt))}
              </Item>
            ))}
          </ItemList>
        )}
      </Card>
      <Pagination
        label={t("pages")}
        previousHref={turnTo(result.previousCursor)}
        nextHref={turnTo(result.nextCursor)}
      />
    </>
  );
}
