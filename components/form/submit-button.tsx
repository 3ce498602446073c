"use client";

import { type ComponentProps, useContext } from "react";
import { useFormStatus } from "react-dom";
import { FormContext } from "@/components/form/form-context";
import { Button } from "@/components/ui/button";

/** Submits its form, once: while the answer is on its way it says so and ignores presses. */
export function SubmitButton({
  variant = "primary",
  onClick,
  ...props
}: Omit<ComponentProps<typeof Button>, "type" | "pending">) {
  const form = useContext(FormContext);
  const status = useFormStatus();
  const pending = form.pending || status.pending;
  return (
    <Button
      {...props}
      type="submit"
      variant={variant}
      pending={pending}
      onClick={(event) => {
        if (pending) event.preventDefault();
        else onClick?.(event);
      }}
    />
  );
}
