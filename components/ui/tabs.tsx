"use client";

import { usePathname } from "next/navigation";
import { cn } from "@/components/ui/cn";
import { Link } from "@/components/ui/link";

export type Tab = { href: string; label: string; count?: number };

/**
 * Pages that belong together, each with an address of its own. They are links,
 * not ARIA tabs: each loads a page, and the browser's back button goes between them.
 */
export function TabLinks({
  tabs,
  label,
  current,
}: {
  tabs: readonly Tab[];
  /** Names the set for people who hear the page, for example "User". */
  label: string;
  /** The `href` of the open tab, when the path alone does not tell, as with `?view=`. */
  current?: string;
}) {
  const pathname = usePathname();
  return (
    <nav aria-label={label} className="mb-6 overflow-x-auto border-line border-b">
      <ul className="flex gap-6">
        {tabs.map((tab) => {
          const active = tab.href === (current ?? pathname);
          return (
            <li key={tab.href}>
              <Link
                href={tab.href}
                aria-current={active ? "page" : undefined}
                className={cn(
                  "flex h-10 items-center gap-2 whitespace-nowrap border-b-2 text-sm transition-colors",
                  "focus-visible:-outline-offset-2",
                  active
                    ? "border-accent font-medium text-ink"
                    : "border-transparent text-ink-soft hover:border-line-strong hover:text-ink",
                )}
              >
                {tab.label}
                {tab.count !== undefined && (
                  <span className="figures text-ink-faint text-xs">{tab.count}</span>
                )}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
