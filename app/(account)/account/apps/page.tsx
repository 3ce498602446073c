import { AppWindow } from "lucide-react";
import type { Metadata } from "next";
import { requireCaller } from "@/app/_http/page";
import { revokeAppAction } from "@/app/(account)/account/apps/actions";
import { wordsOfScope } from "@/app/(auth)/scope-words";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { listOwnApps } from "@/lib/oidc/own-apps";

export const metadata: Metadata = { title: "Apps" };

const listOf = new Intl.ListFormat("en", { type: "conjunction" });

export default async function AppsPage() {
  const apps = await listOwnApps(await requireCaller("/account/apps"));
  return (
    <>
      <PageHeader
        title="Apps"
        description="Apps and devices that act for you, and what each of them may do."
      />
      <Card>
        {apps.length === 0 ? (
          <EmptyState
            title="No app acts for you"
            description="When you sign in to an app with this account, it is listed here, and you can take its access back."
          />
        ) : (
          <ItemList>
            {apps.map((app) => (
              <Item
                key={app.clientId}
                leading={<AppWindow aria-hidden="true" />}
                title={app.name}
                aside={app.firstParty && <Badge tone="accent">One of ours</Badge>}
                actions={
                  <ConfirmDialog
                    trigger="Take back"
                    triggerLabel={`Take back the access of ${app.name}`}
                    variant="secondary"
                    title={`Take back the access of ${app.name}?`}
                    description={
                      app.firstParty
                        ? "It can do nothing for you any more, on none of your devices, until you open it and are signed in there again."
                        : "It can do nothing for you any more, on none of your devices, until you allow it again."
                    }
                    confirmLabel="Take back"
                    action={revokeAppAction}
                    fields={{ clientId: app.clientId }}
                  />
                }
              >
                <p>May {listOf.format(app.scopes.map(wordsOfScope))}.</p>
                <p>
                  Since <RelativeTime value={app.grantedAt} />
                  {app.lastUsedAt !== null && (
                    <>
                      {" "}
                      · last used <RelativeTime value={app.lastUsedAt} />
                    </>
                  )}
                </p>
              </Item>
            ))}
          </ItemList>
        )}
      </Card>
    </>
  );
}
