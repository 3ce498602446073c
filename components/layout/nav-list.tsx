"use client";

import { usePathname } from "next/navigation";
import { useTranslations } from "#translations";
import { NavIcon, type NavIconName } from "@/components/layout/nav-icon";
import { cn } from "@/components/ui/cn";
import { Link } from "@/components/ui/link";
import { HIDDEN } from "@/components/ui/name";

export type NavItem = {
  href: string;
  label: string;
  icon: NavIconName;
  /** How much waits there. */
  count?: string;
  /** What lies beneath its path does not lie within it. */
  alone?: boolean;
  /** Decides instead of the path when given. */
  active?: boolean;
};
export type NavGroup = { title?: string; items: readonly NavItem[] };

const isWithin = (pathname: string, { href, alone = false }: NavItem): boolean =>
  pathname === href || (!alone && pathname.startsWith(`${href}/`));

/** Of all items that the path lies within, only the longest is the current one. */
function currentHref(groups: readonly NavGroup[], pathname: string): string | undefined {
  const items = groups.flatMap((group) => group.items);
  const chosen = items.find((item) => item.active);
  if (chosen) return chosen.href;
  return items
    .filter((item) => item.active === undefined && isWithin(pathname, item))
    .sort((a, b) => b.href.length - a.href.length)[0]?.href;
}

export function NavList({ groups }: { groups: readonly NavGroup[] }) {
  const t = useTranslations("common.navigation");
  const current = currentHref(groups, usePathname());
  return (
    <nav aria-label={t("main")} className="flex flex-col gap-6">
      {groups.map((group, index) => (
        <div key={group.title ?? index}>
          {group.title && (
            <p className="mb-1.5 px-3 font-medium text-ink-faint text-xs">{group.title}</p>
          )}
          <ul className="flex flex-col gap-0.5">
            {group.items.map((item) => {
              const active = item.href === current;
              return (
                <li key={item.href}>
                  <Link
                    href={item.href}
                    aria-current={active ? "page" : undefined}
                    className={cn(
                      "group relative flex h-9 items-center gap-3 rounded-md px-3 text-sm transition-colors",
                      active
                        ? "bg-ink/6 font-medium text-ink"
                        : "text-ink-soft hover:bg-ink/4 hover:text-ink",
                    )}
                  >
                    <NavIcon
                      name={item.icon}
                      className={cn("size-4 shrink-0", active ? "text-accent" : "text-ink-faint")}
                    />
                    <span className="truncate">{item.label}</span>
                    {item.count !== undefined && (
                      <span className="figures ms-auto rounded-full bg-accent-wash px-1.5 font-medium text-accent text-xs">
                        {t.rich("waiting", {
                          count: item.count,
                          ...HIDDEN,
                        })}
                      </span>
                    )}
                  </Link>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </nav>
  );
}
