import { Trash2 } from "lucide-react";
import { useTranslations } from "#translations";
import {
  deleteConnectionAction,
  disableConnectionAction,
  enableConnectionAction,
  testConnectionAction,
} from "@/app/admin/connections/actions";
import { ConfirmLastWayIn } from "@/components/admin/confirm-last-way-in";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { SubmitButton } from "@/components/form/submit-button";
import type { Connection } from "@/lib/federation/manage-connections";

/** Tries it as a sign-in would, and signs nobody in. */
export function TestForm({ connection: { id, name } }: { connection: Connection }) {
  const t = useTranslations("admin-connections.switch");
  return (
    <ActionForm action={testConnectionAction} aria-label={t("testThis", { name })}>
      <input type="hidden" name="id" value={id} />
      <SubmitButton variant="secondary">{t("test")}</SubmitButton>
    </ActionForm>
  );
}

/** On at a press; off after a question, because people may stand outside then. */
export function SwitchForm({ connection }: { connection: Connection }) {
  const t = useTranslations("admin-connections.switch");
  const { id, name, version, enabled } = connection;
  if (!enabled) {
    return (
      <ActionForm action={enableConnectionAction} aria-label={t("onThis", { name })}>
        <input type="hidden" name="id" value={id} />
        <input type="hidden" name="version" value={version} />
        <SubmitButton>{t("on")}</SubmitButton>
      </ActionForm>
    );
  }
  return (
    <ConfirmDialog
      trigger={t("off")}
      variant="secondary"
      size="md"
      title={t("offTitle", { name })}
      description={t("offText")}
      confirmLabel={t("offConfirm")}
      action={disableConnectionAction}
      fields={{ id, version: String(version) }}
    >
      <ConfirmLastWayIn />
    </ConfirmDialog>
  );
}

export function DeleteDialog({ connection: { id, name, identities } }: { connection: Connection }) {
  const t = useTranslations("admin-connections.delete");
  return (
    <ConfirmDialog
      trigger={
        <>
          <Trash2 aria-hidden="true" />
          {t("trigger")}
        </>
      }
      size="md"
      title={t("title", { name })}
      description={identities === 0 ? t("nobody") : t("text", { count: identities })}
      confirmLabel={t("confirm")}
      action={deleteConnectionAction}
      fields={{ id }}
    >
      <ConfirmLastWayIn />
    </ConfirmDialog>
  );
}
