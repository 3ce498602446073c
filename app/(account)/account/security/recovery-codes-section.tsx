import { KeyRound } from "lucide-react";
import { useTranslations } from "#translations";
import { regenerateRecoveryCodesAction } from "@/app/(account)/account/security/actions";
import { ActionForm } from "@/components/form/action-form";
import { RevealedCodes } from "@/components/form/revealed-codes";
import { SubmitButton } from "@/components/form/submit-button";
import { CheckboxField } from "@/components/form/text-field";
import { Section } from "@/components/ui/card";

/** The recovery codes of the page's user: how many are left, and new ones. */
export function RecoveryCodesSection({ left, host }: { left: number; host: string }) {
  const t = useTranslations("account-security.recovery");
  return (
    <Section id="recovery-codes" title={t("title")} description={t("description")}>
      <ActionForm action={regenerateRecoveryCodesAction} aria-label={t("title")}>
        <RevealedCodes fileName={`${host}-recovery-codes.txt`} heading={t("heading", { host })} />
        {/* A field and no dialog: the codes are shown in this very form. */}
        {left > 0 && <CheckboxField name="replace" label={t("replace")} hint={t("replaceHint")} />}
        <div className="flex flex-wrap items-center gap-4">
          <SubmitButton variant="secondary">{t(left === 0 ? "make" : "makeNew")}</SubmitButton>
          <p className="flex items-center gap-2 text-ink-soft text-sm">
            <KeyRound aria-hidden="true" className="size-4" />
            {left === 0 ? t("none") : t("left", { count: left })}
          </p>
        </div>
      </ActionForm>
    </Section>
  );
}
