import type { ReactNode } from "react";

/** What somebody or something is called, within a sentence: whole, and in its own direction. */
export function Name({ children }: { children: ReactNode }) {
  return (
    <strong className="wrap-anywhere font-medium text-ink">
      <bdi>{children}</bdi>
    </strong>
  );
}

/** For sentences of the catalogue, where names stand in `<b>`. */
export const NAMED = { b: (words: ReactNode) => <Name>{words}</Name> };

/** What only a screen reader says. */
export const HIDDEN = {
  hidden: (words: ReactNode) => <span className="sr-only">{words}</span>,
};

/** What is to be quoted to an administrator. */
export const QUOTED = {
  code: (words: ReactNode) => <code className="font-mono text-ink-soft text-xs">{words}</code>,
};

/** What somebody wrote, within a sentence. */
export const WRITTEN = { said: (words: ReactNode) => <bdi>{words}</bdi> };
