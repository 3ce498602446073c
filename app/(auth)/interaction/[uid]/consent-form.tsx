import { useTranslations } from "#translations";
import { AllowButtons } from "@/app/(auth)/allow-buttons";
import { ScopeList } from "@/app/(auth)/scope-list";
import { ActionForm } from "@/components/form/action-form";
import type { FormState } from "@/lib/shared/form-state";

export function ConsentForm({
  uid,
  scopes,
  action,
}: {
  uid: string;
  scopes: string[];
  action: (previous: FormState, form: FormData) => Promise<FormState>;
}) {
  const t = useTranslations("auth.interaction");
  return (
    <ActionForm action={action} aria-label={t("allowForm")}>
      <input type="hidden" name="uid" value={uid} />
      <ScopeList scopes={scopes} />
      <AllowButtons />
      <p className="mt-4 text-ink-soft text-xs">{t("onlyWhatFor")}</p>
    </ActionForm>
  );
}
