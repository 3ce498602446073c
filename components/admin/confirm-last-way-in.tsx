"use client";

import { useTranslations } from "#translations";
import { useFieldState } from "@/components/form/form-context";
import { CheckboxField } from "@/components/form/text-field";

/** Appears when people would be left without a way to sign in. */
export function ConfirmLastWayIn() {
  const t = useTranslations("admin-forms");
  const { errors } = useFieldState("confirm");
  if (errors === undefined) return null;
  return <CheckboxField name="confirm" label={t("lastWayIn")} />;
}
