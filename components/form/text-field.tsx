"use client";

import type { ComponentProps } from "react";
import { useReturnedValues } from "@/components/form/form-context";
import { type FieldProps, useField } from "@/components/form/line-field";
import { cn } from "@/components/ui/cn";
import { Field, FieldError } from "@/components/ui/field";
import { Checkbox, Select, TextArea } from "@/components/ui/input";

// In a file of its own, since most pages of the way in have no other field to load.
export { TextField } from "@/components/form/line-field";

export function TextAreaField({
  name,
  label,
  labelAside,
  hint,
  optional,
  hideLabel,
  fieldClassName,
  defaultValue,
  ...props
}: FieldProps & Omit<ComponentProps<"textarea">, "name" | "id">) {
  const { id, errors, typed, attributes } = useField({ name, hint });
  const chrome = { id, label, labelAside, hint, errors, optional, hideLabel };
  return (
    <Field {...chrome} className={fieldClassName}>
      <TextArea {...props} {...attributes} defaultValue={typed ?? defaultValue} />
    </Field>
  );
}

export function SelectField({
  name,
  label,
  labelAside,
  hint,
  optional,
  hideLabel,
  fieldClassName,
  defaultValue,
  ...props
}: FieldProps & Omit<ComponentProps<typeof Select>, "name" | "id">) {
  const { id, errors, typed, attributes } = useField({ name, hint });
  const chrome = { id, label, labelAside, hint, errors, optional, hideLabel };
  const initial = typed ?? defaultValue;
  return (
    <Field {...chrome} className={fieldClassName}>
      {/* React never changes the default of a select that is there; a new one gets the new default. */}
      <Select key={String(initial)} {...props} {...attributes} defaultValue={initial} />
    </Field>
  );
}

export function CheckboxField({
  name,
  label,
  hint,
  defaultChecked,
  value = "on",
  fieldClassName,
  ...props
}: Pick<FieldProps, "name" | "label" | "hint" | "fieldClassName"> &
  Omit<ComponentProps<"input">, "name" | "id" | "type" | "value"> & { value?: string }) {
  const { id, errors, attributes } = useField({ name, hint });
  const returned = useReturnedValues();
  const initial = returned ? returned[name] === value : defaultChecked;
  return (
    <div className={cn("flex flex-col gap-1.5", fieldClassName)}>
      <div className="flex items-start gap-2.5">
        <Checkbox
          key={String(initial)}
          {...props}
          {...attributes}
          value={value}
          defaultChecked={initial}
        />
        <div className="min-w-0 text-sm">
          <label htmlFor={id} className="font-medium text-ink">
            {label}
          </label>
          {hint && (
            <p id={`${id}-hint`} className="text-ink-faint">
              {hint}
            </p>
          )}
        </div>
      </div>
      <FieldError id={id} errors={errors} />
    </div>
  );
}
