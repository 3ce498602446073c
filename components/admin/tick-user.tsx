"use client";

import { useReturnedValues } from "@/components/form/form-context";
import { Checkbox } from "@/components/ui/input";

/** Selects one line of a list; what was ticked comes back from an error. */
export function TickUser({ name, id, label }: { name: string; id: string; label: string }) {
  const ticked = useReturnedValues()?.[name] === id;
  return (
    <Checkbox
      key={String(ticked)}
      name={name}
      value={id}
      defaultChecked={ticked}
      aria-label={label}
    />
  );
}
