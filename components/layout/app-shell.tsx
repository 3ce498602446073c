import { Menu, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import { DrawerCloser } from "@/components/layout/drawer-closer";
import { type NavGroup, NavList } from "@/components/layout/nav-list";
import { Wordmark } from "@/components/layout/wordmark";
import { Avatar } from "@/components/ui/avatar";
import { buttonClass } from "@/components/ui/button-class";
import { cn } from "@/components/ui/cn";
import { Link } from "@/components/ui/link";
import { SkipLink } from "@/components/ui/skip-link";
import { ThemeToggle } from "@/components/ui/theme-toggle";

const DRAWER = "navigation";

export type ShellUser = { name: string; email: string; picture: string | null; href?: string };

/**
 * The frame of the signed-in area. The navigation is one element: beside the
 * page on wide screens, and a popover of the browser itself on narrow ones,
 * which opens, closes and takes the escape key before any script has loaded.
 */
export function AppShell({
  nav,
  search,
  user,
  accounts,
  signOut,
  homeHref = "/dashboard",
  banner,
  children,
}: {
  nav: readonly NavGroup[];
  /** The way to everything by name. */
  search?: ReactNode;
  user: ShellUser;
  /** The way to other accounts of this browser. */
  accounts?: ReactNode;
  /** Usually `<SignOutForm action={signOut} />`. */
  signOut: ReactNode;
  homeHref?: string;
  /** Stands over every page, for example while an administrator acts as someone else. */
  banner?: ReactNode;
  children: ReactNode;
}) {
  const t = useTranslations("common");
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15.5rem_minmax(0,1fr)] print:block">
      <SkipLink />
      <header className="sticky top-0 z-20 flex h-14 items-center justify-between border-line border-b bg-paper px-4 lg:hidden print:hidden">
        <Link href={homeHref} aria-label={t("home")} className="rounded-sm">
          <Wordmark />
        </Link>
        <button
          type="button"
          popoverTarget={DRAWER}
          aria-label={t("navigation.open")}
          className={buttonClass("ghost", "icon", "-me-2")}
        >
          <Menu aria-hidden="true" />
        </button>
      </header>

      <aside
        id={DRAWER}
        aria-label={t("navigation.sidebar")}
        popover="auto"
        className={cn(
          // Closed, the browser hides a popover; on wide screens it is shown all the same.
          "m-0 h-dvh max-h-none w-[min(19rem,86vw)] flex-col overflow-y-auto border-line border-e bg-paper p-0 text-ink",
          "backdrop:bg-veil open:flex max-lg:animate-rise max-lg:shadow-raised",
          "lg:sticky lg:inset-auto lg:top-0 lg:flex lg:w-auto lg:border-0 lg:border-e",
          // Paper has room for the page alone.
          "print:hidden",
        )}
      >
        <DrawerCloser target={DRAWER} />
        <div className="flex h-14 shrink-0 items-center justify-between pe-2 ps-6 lg:h-20">
          <Link href={homeHref} aria-label={t("home")} className="rounded-sm">
            <Wordmark />
          </Link>
          <button
            type="button"
            popoverTarget={DRAWER}
            popoverTargetAction="hide"
            aria-label={t("navigation.close")}
            className={buttonClass("ghost", "icon", "lg:hidden")}
          >
            <X aria-hidden="true" />
          </button>
        </div>
        {search && <div className="shrink-0 px-3 pb-4">{search}</div>}
        {/* Scrolls by itself, so that the way out stays in sight; in very low windows everything does. */}
        <div className="min-h-40 flex-1 overflow-y-auto px-3 pb-8">
          <NavList groups={nav} />
        </div>
        <div className="shrink-0 border-line border-t px-3 py-3">
          <Link
            href={user.href ?? "/account/profile"}
            className="flex items-center gap-3 rounded-md px-3 py-2 transition-colors hover:bg-ink/4"
          >
            <Avatar name={user.name} picture={user.picture} />
            <span className="min-w-0 text-sm leading-tight">
              <span className="block truncate font-medium text-ink">{user.name}</span>
              <span className="block truncate text-ink-faint text-xs">{user.email}</span>
            </span>
          </Link>
          {accounts && <div className="mt-1">{accounts}</div>}
          <div className="mt-1 flex items-start justify-between gap-2">
            {signOut}
            <ThemeToggle className="me-1" />
          </div>
        </div>
      </aside>

      <div className="min-w-0">
        {banner}
        <main
          id="main"
          tabIndex={-1}
          className="mx-auto w-full max-w-6xl px-4 pt-8 pb-24 outline-none sm:px-8 lg:px-12 lg:pt-12"
        >
          {children}
        </main>
      </div>
    </div>
  );
}
