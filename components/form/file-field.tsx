"use client";

import { type ComponentProps, type ReactNode, useId, useState } from "react";
import { useFieldState } from "@/components/form/form-context";
import { Field, fieldAttributes } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

/**
 * A file of an `ActionForm`. One that is too large is told of before it is sent; without script the
 * server says it.
 */
export function FileField({
  name,
  label,
  hint,
  bytesMax,
  tooLarge,
  ...props
}: Omit<ComponentProps<"input">, "name" | "id" | "type" | "onChange" | "defaultValue"> & {
  name: string;
  label: ReactNode;
  hint: ReactNode;
  bytesMax: number;
  tooLarge: string;
}) {
  const id = useId();
  const answered = useFieldState(name).errors;
  const [isTooLarge, setTooLarge] = useState(false);
  const errors = isTooLarge ? [tooLarge] : answered;
  return (
    <Field id={id} label={label} hint={hint} errors={errors}>
      <Input
        {...props}
        {...fieldAttributes(id, { hint, errors })}
        name={name}
        type="file"
        onChange={({ target }) => {
          const chosen = target.files?.[0];
          const refused = chosen !== undefined && chosen.size > bytesMax;
          setTooLarge(refused);
          if (refused) target.value = "";
        }}
      />
    </Field>
  );
}
