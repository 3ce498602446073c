"use client";

import { buttonClass } from "@/components/ui/button-class";
import type failure from "@/messages/en/failure.json";

export type FailureProps = { error: Error & { digest?: string }; retry: () => void };

/**
 * What a page says when it broke. The reference finds the entry in the server's log. Every page
 * brings it along, and it may stand in for all that did not load: it is drawn with as little as it takes.
 */
export function Failure({
  error,
  retry,
  say,
}: FailureProps & { say: (words: keyof typeof failure) => string }) {
  return (
    <main
      id="main"
      className="mx-auto flex min-h-dvh max-w-md flex-col items-center justify-center px-6 text-center"
    >
      <h1 className="font-semibold text-2xl text-ink tracking-tight">{say("title")}</h1>
      <p className="mt-1.5 text-pretty text-ink-soft text-sm">
        {say(error.digest ? "tryAgainOrTell" : "tryAgain")}
      </p>
      {error.digest && (
        <p className="mt-3 text-ink-faint text-sm">
          {say("reference")} <code className="font-mono text-ink-soft text-xs">{error.digest}</code>
        </p>
      )}
      <div className="mt-6 flex flex-wrap justify-center gap-2">
        <button type="button" onClick={retry} className={buttonClass("primary")}>
          {say("again")}
        </button>
        {/* A plain link: what is broken may be the very thing that follows links. */}
        {/* oxlint-disable-next-line nextjs/no-html-link-for-pages -- see above */}
        <a href="/" className={buttonClass("ghost")}>
          {say("home")}
        </a>
      </div>
    </main>
  );
}
