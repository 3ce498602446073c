"use client";

import { createContext, type ReactNode, useContext, useId, useState } from "react";
import { useTranslations } from "#translations";
import { cn } from "@/components/ui/cn";
import { Sign } from "@/components/ui/sign";
import { THEME_COOKIE, THEMES, type Theme } from "@/components/ui/theme";

const YEAR_SECONDS = 365 * 24 * 60 * 60;
function remember(theme: Theme): void {
  const lifetime = theme === "system" ? 0 : YEAR_SECONDS;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${THEME_COOKIE}=${theme}; Path=/; Max-Age=${lifetime}; SameSite=Lax${secure}`;
  document.documentElement.classList.remove("light", "dark");
  if (theme !== "system") document.documentElement.classList.add(theme);
}

const ThemeContext = createContext<[Theme, (theme: Theme) => void]>(["system", remember]);

/** Knows the theme from the server's first byte on, so that no toggle flips after loading. */
export function ThemeProvider({ initial, children }: { initial: Theme; children: ReactNode }) {
  const state = useState(initial);
  return <ThemeContext value={state}>{children}</ThemeContext>;
}

/** System, light or dark. Absent without script: the page then follows the system. */
export function ThemeToggle({ className }: { className?: string }) {
  const [current, setCurrent] = useContext(ThemeContext);
  const t = useTranslations("common.theme");
  const name = useId();
  return (
    <fieldset
      className={cn(
        "no-script:hidden inline-flex rounded-md border border-line bg-sunken p-0.5",
        className,
      )}
    >
      <legend className="sr-only">{t("label")}</legend>
      {THEMES.map((theme) => {
        const label = t(theme);
        return (
          <label
            key={theme}
            title={label}
            className={cn(
              "grid size-7 place-items-center rounded-sm text-ink-faint transition-colors hover:text-ink",
              "has-checked:bg-surface has-checked:text-ink has-checked:shadow-card",
              "has-focus-visible:outline-2 has-focus-visible:outline-accent",
            )}
          >
            <input
              type="radio"
              name={name}
              value={theme}
              checked={theme === current}
              onChange={() => {
                remember(theme);
                setCurrent(theme);
              }}
              className="sr-only"
            />
            <span className="sr-only">{label}</span>
            <Sign name={theme} />
          </label>
        );
      })}
    </fieldset>
  );
}
