"use client";

import { Pause, Play } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState, useTransition } from "react";
import { useTranslations } from "#translations";
import { useScripted } from "@/components/form/use-scripted";
import { Button } from "@/components/ui/button";
import { type Answer, answerOf, delayAfter, type News, newsSince } from "@/components/ui/live-news";
import { PASSIVE_HEADER } from "@/lib/shared/passive-request";

/** So long after somebody last did something, a page is drawn anew by itself. */
const ATTENDED_MS = 120_000;

/** What there are words for in `live.added`. */
type Listed = "events" | "messages" | "sessions";

type Look = "live" | "paused" | "stopped";

/** Whether drawing the page anew would disturb nobody. */
const isUndisturbing = (attendedAt: number): boolean =>
  performance.now() - attendedAt < ATTENDED_MS &&
  window.getSelection()?.isCollapsed !== false &&
  document.querySelector("[role=alertdialog], [role=dialog], details[open]") === null;

export interface LiveProps {
  /** The address in the API of what the page shows. */
  href: string;
  /** Of what the list is, and the ids of what is in it now; left out for what is no list. */
  shown?: { of: Listed; ids: string[] };
  /** Where only what comes and goes counts, and not when each was last seen. */
  idsOnly?: boolean;
  /** For pages in which nothing moves. */
  follow?: boolean;
}

export function LiveWatch({
  href,
  shown,
  idsOnly = false,
  follow = false,
  drawn,
}: LiveProps & {
  /** Differs each time that the page is drawn: news is told against what it showed then. */
  drawn: string;
}) {
  const t = useTranslations("live");
  const scripted = useScripted();
  const router = useRouter();
  const [look, setLook] = useState<Look>("live");
  const [news, setNews] = useState<News | null>(null);
  const [answered, setAnswered] = useState(false);
  const [pending, startShowing] = useTransition();
  const pause = useRef<HTMLButtonElement>(null);
  const attendedAt = useRef(0);
  const base = useRef<{ of: string; answer: Answer } | null>(null);
  const shownIds = shown === undefined ? null : shown.ids.join(" ");
  const [newsOf, setNewsOf] = useState(drawn);
  if (newsOf !== drawn) {
    setNewsOf(drawn);
    setNews(null);
  }

  useEffect(() => {
    if (look !== "live") return;
    let timer: number | undefined;
    let failures = 0;
    if (attendedAt.current === 0) attendedAt.current = performance.now();
    const ended = new AbortController();
    const { signal } = ended;

    const schedule = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => void ask(), delayAfter(failures));
    };
    const ask = async () => {
      if (document.visibilityState !== "visible") return;
      const headers = { accept: "application/json", [PASSIVE_HEADER]: "1" };
      try {
        const response = await fetch(href, { headers, signal, cache: "no-store" });
        if ([401, 403, 404].includes(response.status)) return setLook("stopped");
        if (!response.ok) throw new Error(String(response.status));
        tell(answerOf(await response.text(), idsOnly));
        failures = 0;
      } catch {
        if (signal.aborted) return;
        failures += 1;
      }
      schedule();
    };
    const tell = (answer: Answer) => {
      const before = base.current?.of === drawn ? base.current.answer : null;
      const found = newsSince(before, shownIds?.split(" ") ?? null, answer);
      const follows = found !== null && follow && isUndisturbing(attendedAt.current);
      if (before === null || follows) base.current = { of: drawn, answer };
      setNews(follows ? null : found);
      setAnswered(true);
      if (follows) router.refresh();
    };
    const attend = () => {
      attendedAt.current = performance.now();
    };
    const see = () => {
      if (document.visibilityState === "visible") void ask();
      else window.clearTimeout(timer);
    };

    void ask();
    document.addEventListener("visibilitychange", see, { signal });
    for (const sign of ["pointerdown", "pointermove", "keydown", "wheel"]) {
      window.addEventListener(sign, attend, { signal, passive: true });
    }
    return () => {
      ended.abort();
      window.clearTimeout(timer);
    };
  }, [look, href, shownIds, drawn, idsOnly, follow, router]);

  const show = () => {
    // What was pressed goes; what stands beside it stays.
    pause.current?.focus();
    startShowing(() => {
      base.current = null;
      setNews(null);
      router.refresh();
    });
  };
  // The place is kept, so that nothing moves when the script is there.
  return (
    <div className="mb-4 flex min-h-9 flex-wrap items-center gap-x-3 gap-y-2 text-ink-soft text-sm">
      <p role="status" className="figures empty:absolute">
        {toldOf(t, look, news, pending, shown?.of)}
      </p>
      {answered && look === "live" && news === null && !pending && <p>{t("upToDate")}</p>}
      {look === "live" && news !== null && (
        <Button size="sm" onClick={show}>
          {t("show")}
        </Button>
      )}
      {scripted && look !== "stopped" && (
        <Button
          ref={pause}
          variant="ghost"
          size="sm"
          onClick={() => setLook(look === "live" ? "paused" : "live")}
        >
          {look === "live" ? <Pause aria-hidden="true" /> : <Play aria-hidden="true" />}
          {t(look === "live" ? "pause" : "goOn")}
        </Button>
      )}
    </div>
  );
}

/** What is said also to whoever does not look; that nothing is new is not. */
function toldOf(
  t: ReturnType<typeof useTranslations<"live">>,
  look: Look,
  news: News | null,
  pending: boolean,
  of: Listed | undefined,
): string | null {
  if (look !== "live") return t(look);
  if (pending) return t("showing");
  if (news === null) return null;
  if (of === undefined || news.added === 0) return t("changed");
  return t(`added.${of}`, { count: news.added });
}
