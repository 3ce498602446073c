"use client";

import { type ReactNode, useContext } from "react";
import { FormContext } from "@/components/form/form-context";

/** A part of a form, folded until it is asked for, and open again when the answer was an error. */
export function Fold({ children }: { children: ReactNode }) {
  const { state } = useContext(FormContext);
  return (
    <details
      open={state.status === "error" || state.status === "preview"}
      className="group relative inline-block open:block open:w-full"
    >
      {children}
    </details>
  );
}
