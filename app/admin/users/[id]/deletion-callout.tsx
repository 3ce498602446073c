import { getTranslations } from "@/app/_locale/translations";
import { keepUserAction } from "@/app/admin/users/actions";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { timeAt } from "@/components/ui/absolute-time";
import { Callout } from "@/components/ui/callout";
import { findDeletionOf } from "@/lib/personal-data/cancel-deletion";
import type { Caller } from "@/lib/shared/caller";
import type { UserDetail } from "@/lib/users/list-users";

/** That the user has asked for the account to be deleted, and the way back (F109). */
export async function DeletionCallout({
  caller,
  user: { id, email },
  editable,
}: {
  caller: Caller;
  user: UserDetail;
  editable: boolean;
}) {
  const deletion = await findDeletionOf(caller, id);
  if (deletion === null) return null;
  const t = await getTranslations("admin-users.deletion");
  if (deletion.begun) {
    return (
      <Callout tone="warning" title={t("begun")}>
        <p>{t("begunText")}</p>
      </Callout>
    );
  }
  return (
    <Callout
      tone="warning"
      title={t("planned")}
      action={
        editable && (
          <ConfirmDialog
            trigger={t("keep")}
            variant="secondary"
            title={t("keepTitle", { email })}
            description={t("keepText")}
            confirmLabel={t("keepConfirm")}
            tone="primary"
            action={keepUserAction}
            fields={{ id }}
          />
        )
      }
    >
      <p>
        {t.rich("text", {
          asked: timeAt(deletion.requestedAt).time,
          due: timeAt(deletion.dueAt).time,
        })}
      </p>
    </Callout>
  );
}
