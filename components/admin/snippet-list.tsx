import { ChevronRight } from "lucide-react";
import { snippetsFor } from "@/components/admin/client-snippets";
import type { SnippetFacts } from "@/components/admin/snippets/facts";
import { CodeBlock } from "@/components/ui/code";

/** How an app is set up, one library below the other; folded, so that a choice can be seen. */
export function SnippetList({ facts }: { facts: SnippetFacts }) {
  return (
    <div className="divide-y divide-line rounded-md border border-line">
      {snippetsFor(facts).map(({ title, note, code }) => (
        <details key={title} className="group">
          <summary className="flex cursor-pointer list-none items-center gap-2 rounded-md px-4 py-3 font-medium text-ink text-sm hover:bg-sunken">
            <ChevronRight
              aria-hidden="true"
              className="size-4 shrink-0 text-ink-faint transition-transform duration-150 group-open:rotate-90"
            />
            {title}
          </summary>
          <div className="space-y-3 px-4 pb-4">
            {note && <p className="text-ink-soft text-sm">{note}</p>}
            <CodeBlock code={code} label={`${title} snippet`} />
          </div>
        </details>
      ))}
    </div>
  );
}
