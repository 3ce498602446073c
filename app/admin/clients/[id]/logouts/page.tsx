import { CircleCheck, CircleX, Clock } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { retryLogoutAction } from "@/app/admin/clients/[id]/logouts/actions";
import { clientPath, LIST_PATH } from "@/app/admin/clients/address";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { Badge } from "@/components/ui/badge";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Card } from "@/components/ui/card";
import { Code } from "@/components/ui/code";
import { EmptyState } from "@/components/ui/empty-state";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { can } from "@/lib/authz/decide";
import { type LogoutDelivery, listLogoutDeliveries } from "@/lib/oidc/logout-deliveries";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";

export const metadata: Metadata = { title: "Sign-out messages" };

const STATES = {
  delivered: { label: "Delivered", tone: "success", icon: CircleCheck },
  waiting: { label: "Waiting", tone: "warning", icon: Clock },
  "given-up": { label: "Given up", tone: "danger", icon: CircleX },
} as const;

/** What a client was told of sessions that have ended, and what it could not be told (F63). */
export default async function LogoutsPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const path = `${clientPath(id)}/logouts`;
  const caller = await requirePermission(path, CLIENT_PERMISSIONS.view);
  const found = await answerDenials(() => listLogoutDeliveries(caller, id));
  if (found === null) notFound();
  const { clientName, address, deliveries } = found;
  const mayRetry = await can(caller, CLIENT_PERMISSIONS.manage);
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={
          <Breadcrumb
            items={[
              { label: "Clients", href: LIST_PATH },
              { label: clientName, href: clientPath(id) },
              { label: "Sign-out messages" },
            ]}
          />
        }
        title="Sign-out messages"
        description={
          address === null ? (
            `${clientName} has no address for back-channel logout, so it is told nothing.`
          ) : (
            <>
              Whenever a session ends in which somebody signed in to {clientName}, it is told at{" "}
              <Code>{address}</Code>. What does not arrive is tried ten times, over about fifteen
              hours.
            </>
          )
        }
      />
      <Card>
        {deliveries.length === 0 ? (
          <EmptyState
            title="Nothing was to be told"
            description="No session has ended in the last thirty days in which somebody signed in to this client."
          />
        ) : (
          <ItemList>
            {deliveries.map((delivery) => (
              <Delivery
                key={delivery.id}
                clientId={id}
                delivery={delivery}
                mayRetry={mayRetry && address !== null}
              />
            ))}
          </ItemList>
        )}
      </Card>
    </div>
  );
}

function Delivery({
  clientId,
  delivery: { id, state, createdAt, attempts, nextAttemptAt, deliveredAt, lastError },
  mayRetry,
}: {
  clientId: string;
  delivery: LogoutDelivery;
  mayRetry: boolean;
}) {
  const { label, tone, icon: Icon } = STATES[state];
  return (
    <Item
      leading={<Icon aria-hidden="true" />}
      title={
        <>
          A session ended <RelativeTime value={createdAt} />
        </>
      }
      aside={<Badge tone={tone}>{label}</Badge>}
      actions={
        mayRetry &&
        state !== "delivered" && (
          <ActionForm action={retryLogoutAction} aria-label="Try this message again">
            <input type="hidden" name="clientId" value={clientId} />
            <input type="hidden" name="deliveryId" value={id} />
            <SubmitButton variant="secondary">Try again</SubmitButton>
          </ActionForm>
        )
      }
    >
      <p>
        {attempts === 1 ? "1 attempt" : `${attempts} attempts`}
        {deliveredAt !== null && (
          <>
            {" "}
            · told <RelativeTime value={deliveredAt} />
          </>
        )}
        {nextAttemptAt !== null && (
          <>
            {" "}
            · next <RelativeTime value={nextAttemptAt} />
          </>
        )}
      </p>
      {lastError !== null && <p className="[overflow-wrap:anywhere]">Last answer: {lastError}</p>}
    </Item>
  );
}
