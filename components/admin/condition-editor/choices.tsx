"use client";

import { useId } from "react";
import type { NamedChoice } from "@/components/admin/condition-editor/catalogue";
import { Checkbox } from "@/components/ui/input";

/** Any number of a short list. What is chosen and not in the list stays, by its id. */
export function Choices({
  legend,
  offered,
  chosen,
  onChange,
  empty,
}: {
  legend: string;
  offered: readonly NamedChoice[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  /** Said where nothing is offered. */
  empty?: string;
}) {
  const id = useId();
  const gone = chosen.filter((one) => offered.every((choice) => choice.id !== one));
  const all = [...offered, ...gone.map((one) => ({ id: one, name: one }))];
  const toggle = (one: string, on: boolean) =>
    onChange(on ? [...chosen, one] : chosen.filter((other) => other !== one));
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-ink-soft text-sm">{legend}</legend>
      {all.length === 0 && <p className="text-ink-faint text-sm">{empty}</p>}
      <div className="flex max-h-56 flex-wrap gap-x-5 gap-y-1 overflow-y-auto p-0.5">
        {all.map(({ id: value, name }) => (
          <span key={value} className="flex min-h-8 min-w-0 items-center gap-2 text-sm">
            <Checkbox
              id={`${id}-${value}`}
              checked={chosen.includes(value)}
              onChange={({ target }) => toggle(value, target.checked)}
            />
            <label htmlFor={`${id}-${value}`} className="min-w-0 text-ink [overflow-wrap:anywhere]">
              {name}
            </label>
          </span>
        ))}
      </div>
    </fieldset>
  );
}
