"use client";

import { type ComponentProps, type ReactNode, useId } from "react";
import { useFieldState } from "@/components/form/form-context";
import { Field, fieldAttributes } from "@/components/ui/field";
import { Input } from "@/components/ui/text-input";

export type FieldProps = {
  name: string;
  label: ReactNode;
  labelAside?: ReactNode;
  hint?: ReactNode;
  optional?: boolean;
  hideLabel?: boolean;
  fieldClassName?: string;
};

/** The parts that every field of an `ActionForm` has in common. */
export function useField({ name, hint }: Pick<FieldProps, "name" | "hint">) {
  const id = useId();
  const { errors, typed } = useFieldState(name);
  return { id, errors, typed, attributes: { name, ...fieldAttributes(id, { hint, errors }) } };
}

export function TextField({
  name,
  label,
  labelAside,
  hint,
  optional,
  hideLabel,
  fieldClassName,
  defaultValue,
  ...props
}: FieldProps & Omit<ComponentProps<"input">, "name" | "id">) {
  const { id, errors, typed, attributes } = useField({ name, hint });
  const chrome = { id, label, labelAside, hint, errors, optional, hideLabel };
  return (
    <Field {...chrome} className={fieldClassName}>
      <Input {...props} {...attributes} defaultValue={typed ?? defaultValue} />
    </Field>
  );
}
