import { AppWindow } from "lucide-react";
import { requestLanguage } from "@/app/_locale/request-language";
import { getTranslations } from "@/app/_locale/translations";
import { wordsOfScope } from "@/app/(auth)/scope-words";
import { revokeUserAppAction } from "@/app/admin/users/actions";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { timeAgo } from "@/components/ui/relative-time";
import { listUserApps } from "@/lib/oidc/user-apps";
import type { Caller } from "@/lib/shared/caller";
import { formatLocale } from "@/lib/shared/locale";
import type { UserDetail } from "@/lib/users/list-users";

/** The apps that act for the user, what each may do, and the way to take that back. */
export async function AppsSection({
  id,
  caller,
  user,
  editable,
}: {
  id: string;
  caller: Caller;
  user: UserDetail;
  editable: boolean;
}) {
  const listed = await listUserApps(caller, user.id);
  const apps = listed.outcome === "listed" ? listed.apps : [];
  const { locale } = await requestLanguage();
  const listOf = new Intl.ListFormat(formatLocale(locale), { type: "conjunction" });
  const t = await getTranslations("admin-users.apps");
  const title = (await getTranslations("admin-users.parts"))("apps");
  const scopeWords = await getTranslations("auth.scopes");
  return (
    <Section
      id={id}
      title={title}
      description={t("description")}
      flush={apps.length > 0}
      className="scroll-mt-20"
    >
      {apps.length === 0 ? (
        <p className="text-ink-soft text-sm">
          {t(listed.outcome === "belongs-elsewhere" ? "elsewhere" : "none")}
        </p>
      ) : (
        <ItemList>
          {apps.map((app) => (
            <Item
              key={app.clientId}
              leading={<AppWindow aria-hidden="true" />}
              title={app.name}
              aside={app.firstParty && <Badge tone="accent">{t("ours")}</Badge>}
              actions={
                editable && (
                  <ConfirmDialog
                    trigger={t("takeBack")}
                    triggerLabel={t("takeBackOf", { name: app.name })}
                    variant="secondary"
                    title={t("takeBackTitle", { name: app.name })}
                    description={t("takeBackText", { email: user.email })}
                    confirmLabel={t("takeBack")}
                    action={revokeUserAppAction}
                    fields={{ id: user.id, clientId: app.clientId }}
                  />
                )
              }
            >
              <p>
                {t("may", {
                  scopes: listOf.format(app.scopes.map((scope) => wordsOfScope(scope, scopeWords))),
                })}
              </p>
              <p>
                {t.rich("since", timeAgo(app.grantedAt))}
                {app.lastUsedAt !== null && <> · {t.rich("lastToken", timeAgo(app.lastUsedAt))}</>}
              </p>
            </Item>
          ))}
        </ItemList>
      )}
    </Section>
  );
}
