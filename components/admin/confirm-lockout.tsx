"use client";

import { useFieldState, usePreview } from "@/components/form/form-context";
import { CheckboxField } from "@/components/form/text-field";

/** Appears when the author would be held by the rule that they are about to save. */
export function ConfirmLockout() {
  const { errors } = useFieldState("confirm");
  const preview = usePreview();
  if (errors === undefined && preview?.confirm !== true) return null;
  return <CheckboxField name="confirm" label="I will set up a second factor right away" />;
}
