import { useTranslations } from "#translations";
import {
  deleteUserAction,
  disableUserAction,
  enableUserAction,
  sendLinkAction,
} from "@/app/admin/users/actions";
import { ConfirmLoss } from "@/components/admin/confirm-loss";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { PreviewAnswer, PreviewButton } from "@/components/form/form-preview";
import type { UserDetail } from "@/lib/users/list-users";

/** What can be done to the user as a whole. Each asks before it happens. */
export function UserActions({ user }: { user: UserDetail }) {
  const t = useTranslations("admin-users.actions");
  const fields = { id: user.id };
  const { email } = user;
  const invited = user.status === "pending";
  return (
    <>
      {user.status !== "disabled" && (
        <ConfirmDialog
          trigger={t(invited ? "inviteAgain" : "sendResetLink")}
          variant="secondary"
          size="md"
          title={t(invited ? "inviteAgainTitle" : "sendResetLinkTitle")}
          description={t("sendText", { email })}
          confirmLabel={t("send")}
          tone="primary"
          action={sendLinkAction}
          fields={fields}
        />
      )}
      {user.status === "disabled" ? (
        <ConfirmDialog
          trigger={t("enable")}
          variant="secondary"
          size="md"
          title={t("enableTitle", { email })}
          description={t("enableText")}
          confirmLabel={t("enableUser")}
          tone="primary"
          action={enableUserAction}
          fields={fields}
        >
          <PreviewAnswer />
          <div>
            <PreviewButton />
          </div>
        </ConfirmDialog>
      ) : (
        <ConfirmDialog
          trigger={t("disable")}
          variant="secondary"
          size="md"
          title={t("disableTitle", { email })}
          description={t("disableText")}
          confirmLabel={t("disableUser")}
          action={disableUserAction}
          fields={fields}
        >
          <PreviewAnswer />
          <ConfirmLoss />
          <div>
            <PreviewButton />
          </div>
        </ConfirmDialog>
      )}
      <ConfirmDialog
        trigger={t("delete")}
        size="md"
        title={t("deleteTitle", { email })}
        description={t("deleteText")}
        confirmLabel={t("deleteUser")}
        action={deleteUserAction}
        fields={fields}
      >
        <PreviewAnswer />
        <ConfirmLoss />
        <div>
          <PreviewButton />
        </div>
      </ConfirmDialog>
    </>
  );
}
