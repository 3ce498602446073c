"use client";

import { useTranslations } from "#translations";
import { useFieldState, usePreview } from "@/components/form/form-context";
import { CheckboxField } from "@/components/form/text-field";

/**
 * Appears when the answer is that the person would take something away from
 * themselves, and lets them say that they mean it.
 */
export function ConfirmLoss() {
  const t = useTranslations("admin-forms");
  const { errors } = useFieldState("confirm");
  const preview = usePreview();
  if (errors === undefined && preview?.confirm?.includes("confirm") !== true) return null;
  return <CheckboxField name="confirm" label={t("loss")} />;
}
