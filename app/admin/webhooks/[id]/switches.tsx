import { Trash2 } from "lucide-react";
import { useTranslations } from "#translations";
import {
  removeWebhookAction,
  sendTestAction,
  switchWebhookOffAction,
  switchWebhookOnAction,
} from "@/app/admin/webhooks/actions";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { SubmitButton } from "@/components/form/submit-button";
import type { Webhook } from "@/lib/webhooks/manage-endpoints";

export function TestForm({ webhook: { id, name } }: { webhook: Webhook }) {
  const t = useTranslations("admin-webhooks.switches");
  return (
    <ActionForm action={sendTestAction} aria-label={t("test", { name })}>
      <input type="hidden" name="id" value={id} />
      <SubmitButton variant="secondary">{t("sendTest")}</SubmitButton>
    </ActionForm>
  );
}

export function SwitchForm({ webhook: { id, name, enabled } }: { webhook: Webhook }) {
  const t = useTranslations("admin-webhooks.switches");
  if (!enabled) {
    return (
      <ActionForm action={switchWebhookOnAction} aria-label={t("onOf", { name })}>
        <input type="hidden" name="id" value={id} />
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
      confirmLabel={t("offNow")}
      tone="primary"
      action={switchWebhookOffAction}
      fields={{ id }}
    />
  );
}

export function RemoveDialog({ webhook: { id, name } }: { webhook: Webhook }) {
  const t = useTranslations("admin-webhooks.switches");
  return (
    <ConfirmDialog
      trigger={
        <>
          <Trash2 aria-hidden="true" />
          {t("remove")}
        </>
      }
      triggerLabel={t("removeThis", { name })}
      size="md"
      title={t("removeTitle", { name })}
      description={t("removeText")}
      confirmLabel={t("removeWebhook")}
      action={removeWebhookAction}
      fields={{ id }}
    />
  );
}
