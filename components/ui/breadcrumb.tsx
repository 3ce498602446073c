import { ChevronRight } from "lucide-react";
import { useTranslations } from "#translations";
import { Link } from "@/components/ui/link";

export type Crumb = { label: string; href?: string };

/** The way to this page. The last crumb is the page itself and has no `href`. */
export function Breadcrumb({ items }: { items: readonly Crumb[] }) {
  const t = useTranslations("common");
  return (
    <nav aria-label={t("breadcrumb")}>
      <ol className="flex flex-wrap items-center gap-1 text-ink-faint text-sm">
        {items.map((item, index) => (
          <li key={item.label} className="flex min-w-0 items-center gap-1">
            {index > 0 && (
              <ChevronRight aria-hidden="true" className="size-3.5 shrink-0 rtl:-scale-x-100" />
            )}
            {item.href ? (
              <Link
                href={item.href}
                className="truncate rounded-sm underline-offset-4 hover:text-ink hover:underline"
              >
                {item.label}
              </Link>
            ) : (
              <span aria-current="page" className="truncate text-ink-soft">
                {item.label}
              </span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
