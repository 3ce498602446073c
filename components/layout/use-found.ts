"use client";

import { useEffect, useState } from "react";
import type { Hit } from "@/lib/shared/search-hit";
import { SEARCH_LENGTH_MIN } from "@/lib/shared/search-length";

/** Long enough that a word typed without a pause is asked for once. */
const PAUSE_MS = 150;

export interface Found {
  state: "idle" | "searching" | "done" | "failed";
  /** For what was typed last; those of before while it is looked for. */
  hits: Hit[];
}

interface Answer {
  to: string;
  /** Null when there was none. */
  hits: Hit[] | null;
}

function stateOf(q: string, { to, hits }: Answer): Found["state"] {
  if (q.length < SEARCH_LENGTH_MIN) return "idle";
  if (to !== q) return "searching";
  return hits === null ? "failed" : "done";
}

async function search(q: string, signal: AbortSignal): Promise<Hit[]> {
  const answer = await fetch(`/api/v1/search?${new URLSearchParams({ q })}`, { signal });
  if (!answer.ok) throw new Error(`the search answered ${answer.status}`);
  return ((await answer.json()) as { items: Hit[] }).items;
}

/** What the server finds for what is typed. An answer that a newer question has overtaken is not waited for. */
export function useFound(typed: string): Found {
  const q = typed.trim();
  const [answer, setAnswer] = useState<Answer>({ to: "", hits: [] });
  useEffect(() => {
    if (q.length < SEARCH_LENGTH_MIN) return;
    const overtaken = new AbortController();
    const pause = setTimeout(() => {
      search(q, overtaken.signal).then(
        (hits) => setAnswer({ to: q, hits }),
        () => {
          if (!overtaken.signal.aborted) setAnswer({ to: q, hits: null });
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(pause);
      overtaken.abort();
    };
  }, [q]);
  const state = stateOf(q, answer);
  return { state, hits: state === "idle" ? [] : (answer.hits ?? []) };
}
