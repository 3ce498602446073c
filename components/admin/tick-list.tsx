"use client";

import { useId } from "react";
import { useFieldState, useReturnedValues } from "@/components/form/form-context";
import { FieldError } from "@/components/ui/field";
import { Checkbox } from "@/components/ui/input";

export interface Tickable {
  value: string;
  label: string;
  note?: string | undefined;
}

/**
 * Things to tick, each a field of its own (`name.N`), so that what was ticked comes back from an
 * error. `field` is what an error about all of them is called.
 */
export function TickList({
  legend,
  name,
  field,
  hint,
  items,
}: {
  legend: string;
  name: string;
  field: string;
  hint: string;
  items: Tickable[];
}) {
  const id = useId();
  const returned = useReturnedValues();
  const { errors } = useFieldState(field);
  const invalid = errors !== undefined && errors.length > 0;
  return (
    <fieldset
      className="min-w-0"
      aria-describedby={invalid ? `${id}-hint ${id}-error` : `${id}-hint`}
    >
      <legend className="font-medium text-ink text-sm">{legend}</legend>
      <p id={`${id}-hint`} className="mt-1 mb-2 text-ink-faint text-sm">
        {hint}
      </p>
      <ul className="max-h-64 space-y-2 overflow-y-auto rounded-md border border-line p-3">
        {items.map(({ value, label, note }, place) => {
          const ticked = returned?.[`${name}.${place}`] !== undefined;
          return (
            <li key={value} className="flex items-start gap-2.5 text-sm">
              <Checkbox
                key={String(ticked)}
                id={`${id}-${place}`}
                name={`${name}.${place}`}
                value={value}
                defaultChecked={ticked}
                aria-invalid={(invalid && place === 0) || undefined}
              />
              <label htmlFor={`${id}-${place}`} className="min-w-0 [overflow-wrap:anywhere]">
                <span className="font-medium text-ink">{label}</span>
                {note !== undefined && <span className="block text-ink-faint">{note}</span>}
              </label>
            </li>
          );
        })}
      </ul>
      <FieldError id={id} errors={errors} />
    </fieldset>
  );
}
