import type { NavIconName } from "@/components/layout/nav-icon";

/** A page or something to do, as a palette offers it. */
export interface Shortcut {
  label: string;
  href: string;
  icon: NavIconName;
}

/** Those whose label has every word of what was typed; all of them while nothing is. */
export function matchShortcuts<S extends { label: string }>(
  shortcuts: readonly S[],
  typed: string,
): S[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return shortcuts.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)));
}
