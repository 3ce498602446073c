import { requireCaller } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { revokeOtherSessionsAction } from "@/app/(account)/account/actions";
import { SessionItem } from "@/app/(account)/account/session-item";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { Card } from "@/components/ui/card";
import { ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { listOwnSessions } from "@/lib/sessions/revoke-sessions";

export const generateMetadata = titled("account.sessions");

export default async function SessionsPage() {
  const sessions = await listOwnSessions(
    await requireCaller("/account/sessions", { impersonated: true }),
  );
  const t = await getTranslations("account.sessions");
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={
          sessions.length > 1 && (
            <ConfirmDialog
              trigger={t("endOthers")}
              title={t("endOthersTitle")}
              description={t("endOthersText")}
              confirmLabel={t("endTheOthers")}
              action={revokeOtherSessionsAction}
            />
          )
        }
      />
      <Card>
        <ItemList>
          {sessions.map((session) => (
            <SessionItem key={session.id} session={session} />
          ))}
        </ItemList>
      </Card>
    </>
  );
}
