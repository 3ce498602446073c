"use client";

import { useResults } from "@/components/form/form-context";
import { Callout } from "@/components/ui/callout";

/** What became of each of those that the form was about. None is left out. */
export function FormResults({ title }: { title: string }) {
  const results = useResults();
  if (results.length === 0) return null;
  const tone = results.every(({ done }) => done) ? "success" : "warning";
  return (
    <Callout tone={tone} role="status" title={title}>
      <ul className="mt-1 space-y-1">
        {results.map(({ label, text }) => (
          <li key={label} className="[overflow-wrap:anywhere]">
            <span className="font-medium text-ink">{label}</span>: {text}
          </li>
        ))}
      </ul>
    </Callout>
  );
}
