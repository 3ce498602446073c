"use client";

import { useTranslations } from "#translations";
import { useFieldState } from "@/components/form/form-context";
import { CheckboxField } from "@/components/form/text-field";
import { FieldError } from "@/components/ui/field";

/**
 * Says that nothing is ticked, and appears when several grants would be taken away at once, so that
 * somebody says that they mean it.
 */
export function ConfirmRevocation() {
  const t = useTranslations("admin-forms");
  const { errors: unticked } = useFieldState("itemIds");
  const { errors } = useFieldState("confirm");
  return (
    <>
      <FieldError id="unticked" errors={unticked} />
      {errors !== undefined && <CheckboxField name="confirm" label={t("revocation")} />}
    </>
  );
}
