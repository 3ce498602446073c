"use client";

import { createContext, useContext } from "react";
import type { FormPreview, FormResult, FormState } from "@/lib/shared/form-state";

type FormContextValue = { state: FormState; pending: boolean };

/** What the fields of an `ActionForm` know about it. Outside of one they stand alone. */
export const FormContext = createContext<FormContextValue>({
  state: { status: "idle" },
  pending: false,
});

/** The errors of one field, and what was typed into it when a form came back without script. */
export function useFieldState(name: string): { errors?: string[]; typed?: string } {
  const { state } = useContext(FormContext);
  if (state.status === "step-up") return { typed: state.values[name] };
  if (state.status === "challenge" || state.status === "preview") {
    return { typed: state.values?.[name] };
  }
  if (state.status !== "error") return {};
  return { errors: state.fieldErrors?.[name], typed: state.values?.[name] };
}

/** What the form's answer shows once, such as new recovery codes; empty for nothing. */
export function useRevealed(): string[] {
  const { state } = useContext(FormContext);
  return state.status === "success" ? (state.reveal ?? []) : [];
}

/** What became of each of those that the form was about; empty for nothing. */
export function useResults(): FormResult[] {
  const { state } = useContext(FormContext);
  return state.status === "success" ? (state.results ?? []) : [];
}

/** Whether the form came back without being done, which makes an absent checkbox an unchecked one. */
export function useReturnedValues(): Record<string, string> | undefined {
  const { state } = useContext(FormContext);
  return state.status === "error" || state.status === "preview" ? state.values : undefined;
}

/** What saving would do, when that was asked for. */
export function usePreview(): FormPreview | undefined {
  const { state } = useContext(FormContext);
  return state.status === "preview" ? state.preview : undefined;
}
