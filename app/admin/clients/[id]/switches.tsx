import { Trash2 } from "lucide-react";
import { useTranslations } from "#translations";
import { type Held, heldText } from "@/app/admin/clients/[id]/sections";
import {
  deleteClientAction,
  disableClientAction,
  enableClientAction,
} from "@/app/admin/clients/actions";
import { ActionForm } from "@/components/form/action-form";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { SubmitButton } from "@/components/form/submit-button";
import { type Client, isDisabled } from "@/lib/oidc/manage-clients";
import type { Translator } from "@/lib/platform/locale/translator";

interface Props {
  client: Client;
  held: Held;
}

function endsText(held: Held, t: Translator<"admin-clients">): string {
  const text = heldText(held, t);
  return text === null ? t("held.nothing") : t("held.ends", { held: text });
}

/** Enabled at a press; disabled after a question, because people may be in the middle of something. */
export function SwitchForm({ client, held }: Props) {
  const t = useTranslations("admin-clients");
  const { id, name } = client;
  if (isDisabled(client)) {
    return (
      <ActionForm action={enableClientAction} aria-label={t("switch.enableThis", { name })}>
        <input type="hidden" name="id" value={id} />
        <SubmitButton>{t("switch.enable")}</SubmitButton>
      </ActionForm>
    );
  }
  return (
    <ConfirmDialog
      trigger={t("switch.disable")}
      variant="secondary"
      size="md"
      title={t("switch.disableTitle", { name })}
      description={`${endsText(held, t)} ${t("switch.disableText")}`}
      confirmLabel={t("switch.disableConfirm")}
      action={disableClientAction}
      fields={{ id }}
    />
  );
}

export function DeleteDialog({ client: { id, name, source }, held }: Props) {
  const t = useTranslations("admin-clients");
  return (
    <ConfirmDialog
      trigger={
        <>
          <Trash2 aria-hidden="true" />
          {t("delete.trigger")}
        </>
      }
      size="md"
      title={t("delete.title", { name })}
      description={`${endsText(held, t)} ${t(source === "document" ? "delete.document" : "delete.text")}`}
      confirmLabel={t("delete.confirm")}
      action={deleteClientAction}
      fields={{ id }}
    />
  );
}
