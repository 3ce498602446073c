"use client";

import { useFieldState, usePreview } from "@/components/form/form-context";
import { CheckboxField } from "@/components/form/text-field";

/** Appears when the author would be held by the rule that they are about to save. */
export function ConfirmLockout() {
  const { errors } = useFieldState("confirm");
  const preview = usePreview();
  if (errors === undefined && preview?.confirm?.includes("confirm") !== true) return null;
  return <CheckboxField name="confirm" label="I will set up a second factor right away" />;
}

/** The same for the rule about networks. */
export function ConfirmOtherNetwork() {
  const { errors } = useFieldState("confirmNetwork");
  const preview = usePreview();
  if (errors === undefined && preview?.confirm?.includes("confirmNetwork") !== true) return null;
  return <CheckboxField name="confirmNetwork" label="I will go on from one of these networks" />;
}
