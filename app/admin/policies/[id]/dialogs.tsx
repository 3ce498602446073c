import { Trash2 } from "lucide-react";
import { useTranslations } from "#translations";
import {
  activateVersionAction,
  deactivatePolicyAction,
  deletePolicyAction,
  setShadowAction,
} from "@/app/admin/policies/actions";
import { ConfirmLoss } from "@/components/admin/confirm-loss";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { PreviewAnswer, PreviewButton } from "@/components/form/form-preview";
import type { PolicyRow, VersionRow } from "@/lib/policies/list-policies";

const read = ({ id, version }: PolicyRow) => ({ id, version: String(version) });

/** Puts a version in force: the newest, or an earlier one to go back to. */
export function ActivateDialog({
  policy,
  number,
  size = "sm",
}: {
  policy: PolicyRow;
  number: number;
  size?: "sm" | "md";
}) {
  const isBack = policy.activeNumber !== null && number < policy.activeNumber;
  const t = useTranslations("admin-policies.dialogs");
  const verb = isBack ? t("rollBack") : t("force");
  return (
    <ConfirmDialog
      trigger={verb}
      triggerLabel={t(isBack ? "rollBackTo" : "forceLabel", { number })}
      variant="secondary"
      size={size}
      title={t(isBack ? "rollBackTitle" : "forceTitle", { number })}
      description={
        <p>
          {policy.activeNumber === null
            ? t("forceText")
            : t("forceInPlace", { number: policy.activeNumber })}
        </p>
      }
      confirmLabel={verb}
      tone="primary"
      action={activateVersionAction}
      fields={{ ...read(policy), number: String(number) }}
    >
      <PreviewAnswer />
      <ConfirmLoss />
      <div>
        <PreviewButton />
      </div>
    </ConfirmDialog>
  );
}

export function ShadowDialog({ policy, number }: { policy: PolicyRow; number: number | null }) {
  const t = useTranslations("admin-policies.dialogs");
  return (
    <ConfirmDialog
      trigger={number === null ? t("endShadow") : t("shadow")}
      triggerLabel={number === null ? t("endShadow") : t("shadowLabel", { number })}
      variant="ghost"
      title={number === null ? t("endShadowTitle") : t("shadowTitle", { number })}
      description={<p>{number === null ? t("endShadowText") : t("shadowText")}</p>}
      confirmLabel={number === null ? t("endShadow") : t("putInShadow")}
      tone="primary"
      action={setShadowAction}
      fields={{ ...read(policy), ...(number === null ? {} : { number: String(number) }) }}
    />
  );
}

/** What can be done with the policy as a whole. */
export function ForceActions({ policy, newest }: { policy: PolicyRow; newest: VersionRow }) {
  const t = useTranslations("admin-policies.dialogs");
  return (
    <>
      {policy.activeNumber !== newest.number && (
        <ActivateDialog policy={policy} number={newest.number} />
      )}
      {policy.activeNumber !== null && (
        <ConfirmDialog
          trigger={t("takeOut")}
          title={t("takeOutTitle", { name: policy.name })}
          description={<p>{t("takeOutText")}</p>}
          confirmLabel={t("takeOut")}
          action={deactivatePolicyAction}
          fields={read(policy)}
        >
          <PreviewAnswer />
          <ConfirmLoss />
          <div>
            <PreviewButton />
          </div>
        </ConfirmDialog>
      )}
    </>
  );
}

export function DeleteDialog({ policy }: { policy: PolicyRow }) {
  const t = useTranslations("admin-policies.dialogs");
  if (policy.activeNumber !== null) return null;
  return (
    <ConfirmDialog
      trigger={
        <>
          <Trash2 aria-hidden="true" />
          {t("delete")}
        </>
      }
      size="md"
      title={t("deleteTitle", { name: policy.name })}
      description={<p>{t("deleteText")}</p>}
      confirmLabel={t("deleteConfirm")}
      action={deletePolicyAction}
      fields={read(policy)}
    />
  );
}
