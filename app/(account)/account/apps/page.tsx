import { AppWindow } from "lucide-react";
import { requireCaller } from "@/app/_http/page";
import { requestLanguage } from "@/app/_locale/request-language";
import { getTranslations, titled } from "@/app/_locale/translations";
import { revokeAppAction } from "@/app/(account)/account/apps/actions";
import { wordsOfScope } from "@/app/(auth)/scope-words";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { timeAgo } from "@/components/ui/relative-time";
import { listOwnApps } from "@/lib/oidc/own-apps";
import { formatLocale } from "@/lib/shared/locale";

export const generateMetadata = titled("account.apps");

export default async function AppsPage() {
  const apps = await listOwnApps(await requireCaller("/account/apps", { impersonated: true }));
  const { locale } = await requestLanguage();
  const listOf = new Intl.ListFormat(formatLocale(locale), { type: "conjunction" });
  const t = await getTranslations("account.apps");
  const scopeWords = await getTranslations("auth.scopes");
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <Card>
        {apps.length === 0 ? (
          <EmptyState title={t("none")} description={t("noneText")} />
        ) : (
          <ItemList>
            {apps.map((app) => (
              <Item
                key={app.clientId}
                leading={<AppWindow aria-hidden="true" />}
                title={app.name}
                aside={app.firstParty && <Badge tone="accent">{t("ours")}</Badge>}
                actions={
                  <ConfirmDialog
                    trigger={t("takeBack")}
                    triggerLabel={t("takeBackOf", { name: app.name })}
                    variant="secondary"
                    title={t("takeBackTitle", { name: app.name })}
                    description={t(app.firstParty ? "takeBackOurs" : "takeBackText")}
                    confirmLabel={t("takeBack")}
                    action={revokeAppAction}
                    fields={{ clientId: app.clientId }}
                  />
                }
              >
                <p>
                  {t("may", {
                    scopes: listOf.format(
                      app.scopes.map((scope) => wordsOfScope(scope, scopeWords)),
                    ),
                  })}
                </p>
                <p>
                  {t.rich("since", timeAgo(app.grantedAt))}
                  {app.lastUsedAt !== null && <> · {t.rich("lastUsed", timeAgo(app.lastUsedAt))}</>}
                </p>
              </Item>
            ))}
          </ItemList>
        )}
      </Card>
    </>
  );
}
