import { ChevronRight } from "lucide-react";
import { useTranslations } from "#translations";
import { snippetsFor } from "@/components/admin/client-snippets";
import type { SnippetFacts } from "@/components/admin/snippets/facts";
import { CodeBlock } from "@/components/ui/code";

/** How an app is set up, one library below the other; folded, so that a choice can be seen. */
export function SnippetList({ facts }: { facts: SnippetFacts }) {
  const t = useTranslations("admin-snippets");
  return (
    <div className="divide-y divide-line rounded-md border border-line">
      {snippetsFor(facts).map(({ name, notes, address = "", code }) => (
        <details key={name} className="group">
          <summary className="flex cursor-pointer list-none items-center gap-2 rounded-md px-4 py-3 font-medium text-ink text-sm hover:bg-sunken">
            <ChevronRight
              aria-hidden="true"
              className="size-4 shrink-0 text-ink-faint transition-transform duration-150 group-open:rotate-90 rtl:-scale-x-100 rtl:group-open:-rotate-90"
            />
            {name}
          </summary>
          <div className="space-y-3 px-4 pb-4">
            {notes.length > 0 && (
              <p className="text-ink-soft text-sm">
                {notes.map((note) => t(`notes.${note}`, { address })).join(" ")}
              </p>
            )}
            <CodeBlock code={code} label={t("label", { name })} />
          </div>
        </details>
      ))}
    </div>
  );
}
