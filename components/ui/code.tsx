import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";

/** An identifier, address or value within text. */
export function Code({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <code
      className={cn(
        "rounded-sm border border-line bg-sunken px-1 py-px font-mono text-[0.86em] text-ink",
        "[overflow-wrap:anywhere]",
        className,
      )}
    >
      {children}
    </code>
  );
}

/** For sentences of the catalogue, where such a value stands in `<code>`. */
export const CODED = { code: (words: ReactNode) => <Code>{words}</Code> };

/** Lines to read or to take along. The frame takes the focus so that keys can scroll it. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  const t = useTranslations("common.copy");
  return (
    <div className="flex items-start rounded-md border border-line bg-sunken">
      <section
        aria-label={label}
        tabIndex={0}
        className="min-w-0 flex-1 overflow-x-auto rounded-md px-4 py-3 font-mono text-[0.8125rem] text-ink leading-6 focus-visible:-outline-offset-2"
      >
        <pre>
          <code>{code}</code>
        </pre>
      </section>
      <CopyButton value={code} label={t("copyThis", { label })} className="m-2" />
    </div>
  );
}
