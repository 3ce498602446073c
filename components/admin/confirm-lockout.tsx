"use client";

import { useTranslations } from "#translations";
import { useFieldState, usePreview } from "@/components/form/form-context";
import { CheckboxField } from "@/components/form/text-field";

/** Appears when the author would be held by the rule that they are about to save. */
export function ConfirmLockout() {
  const t = useTranslations("admin-forms");
  const { errors } = useFieldState("confirm");
  const preview = usePreview();
  if (errors === undefined && preview?.confirm?.includes("confirm") !== true) return null;
  return <CheckboxField name="confirm" label={t("lockout")} />;
}

/** The same for the rule about networks. */
export function ConfirmOtherNetwork() {
  const t = useTranslations("admin-forms");
  const { errors } = useFieldState("confirmNetwork");
  const preview = usePreview();
  if (errors === undefined && preview?.confirm?.includes("confirmNetwork") !== true) return null;
  return <CheckboxField name="confirmNetwork" label={t("otherNetwork")} />;
}
