import { LogOut } from "lucide-react";
import { useTranslations } from "#translations";
import { ActionForm, type FormAction } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";

/** The way out. A form, because a link could be followed by a prefetch or by another site. */
export function SignOutForm({ action }: { action: FormAction }) {
  const t = useTranslations("common.signOut");
  return (
    <ActionForm action={action} aria-label={t("form")}>
      <SubmitButton variant="ghost" className="h-9 w-full justify-start px-3">
        <LogOut aria-hidden="true" className="me-1 text-ink-faint rtl:-scale-x-100" />
        {t("label")}
      </SubmitButton>
    </ActionForm>
  );
}
