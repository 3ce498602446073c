"use client";

import { useLinkStatus } from "next/link";
import { useEffect, useSyncExternalStore } from "react";

let pendingCount = 0;
const listeners = new Set<() => void>();

function change(by: 1 | -1): void {
  pendingCount += by;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Sits inside a link and reports while the page behind that link is on its way. */
export function LinkStatus() {
  const { pending } = useLinkStatus();
  useEffect(() => {
    if (!pending) return;
    change(1);
    return () => change(-1);
  }, [pending]);
  return null;
}

/**
 * A hairline at the top of the window while a navigation takes longer than a
 * blink. For the eye only: Next announces the new page itself.
 */
export function NavigationProgress() {
  const pending = useSyncExternalStore(
    subscribe,
    () => pendingCount > 0,
    () => false,
  );
  if (!pending) return null;
  return (
    <div
      aria-hidden="true"
      data-navigating=""
      className="fixed inset-x-0 top-0 z-70 h-0.5 origin-left animate-travel rtl:origin-right bg-accent"
    />
  );
}
