import { Monitor } from "lucide-react";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { z } from "zod";
import { requirePermission } from "@/app/_http/page";
import { endSessionAction } from "@/app/admin/sessions/actions";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { FilterBar, FilterSearch } from "@/components/form/filter-bar";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { RelativeTime } from "@/components/ui/relative-time";
import { describeUserAgent } from "@/lib/shared/user-agent";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { listEverySession } from "@/lib/users/user-sessions";

export const metadata: Metadata = { title: "Everyone’s sessions" };

const PATH = "/admin/sessions";
const PAGE_SIZE = 50;

const Address = z.object({
  q: z.string().trim().max(200).optional().catch(undefined),
  cursor: z.string().optional().catch(undefined),
});

const href = (q: string | undefined, cursor?: string): string => {
  const query = new URLSearchParams({ ...(q ? { q } : {}), ...(cursor ? { cursor } : {}) });
  return query.size === 0 ? PATH : `${PATH}?${query}`;
};

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function AdminSessionsPage({ searchParams }: Search) {
  const { q, cursor } = Address.parse(await searchParams);
  const caller = await requirePermission(href(q, cursor), USER_PERMISSIONS.revokeSessions);
  const result = await listEverySession(caller, { q, cursor, limit: PAGE_SIZE });
  if (result.outcome === "rejected") redirect(href(q));
  const turnTo = (to: string | null) => (to === null ? undefined : href(q, to));
  return (
    <>
      <PageHeader title="Sessions" description="Where people are signed in now. Newest first." />
      <FilterBar key={q} action={PATH} label="Filter sessions" clearHref={q ? PATH : undefined}>
        <FilterSearch placeholder="Name or email of a user" value={q} />
      </FilterBar>
      <Card>
        {result.sessions.length === 0 ? (
          <EmptyState
            title="No sessions match"
            description="Nobody whose name or address contains this is signed in."
            action={<ButtonLink href={PATH}>Clear filter</ButtonLink>}
          />
        ) : (
          <ItemList>
            {result.sessions.map((session) => (
              <Item
                key={session.id}
                leading={<Monitor aria-hidden="true" />}
                title={session.user.name ?? session.user.email}
                aside={
                  session.id === caller.principal.session.id && (
                    <Badge tone="accent">This device</Badge>
                  )
                }
                actions={
                  <ConfirmDialog
                    trigger="End"
                    triggerLabel={`End a session of ${session.user.email}`}
                    variant="secondary"
                    title="End this session?"
                    description={`${session.user.email} has to sign in again there.`}
                    confirmLabel="End session"
                    action={endSessionAction}
                    fields={{ userId: session.user.id, sessionId: session.id }}
                  />
                }
              >
                {session.user.email} · {describeUserAgent(session.userAgent)} ·{" "}
                {session.ip ?? "unknown address"} · last seen{" "}
                <RelativeTime value={session.lastSeenAt} />
              </Item>
            ))}
          </ItemList>
        )}
      </Card>
      <Pagination
        label="Pages of sessions"
        previousHref={turnTo(result.previousCursor)}
        nextHref={turnTo(result.nextCursor)}
      />
    </>
  );
}
