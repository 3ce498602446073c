"use client";

import { type ReactNode, useId } from "react";

/** A label above a control that takes its id. */
export function Labelled({
  label,
  children,
}: {
  label: string;
  children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="min-w-0 space-y-1">
      <label htmlFor={id} className="block text-ink-soft text-sm">
        {label}
      </label>
      {children(id)}
    </div>
  );
}
