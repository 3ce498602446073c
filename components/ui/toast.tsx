"use client";

import { type ComponentType, createElement, useSyncExternalStore } from "react";
import type { UndoOffer } from "@/lib/shared/form-state";

export interface ToastWish {
  message: string;
  tone?: "success" | "danger";
  undo?: UndoOffer | undefined;
}

type ToastWindow = ComponentType<{ take: () => ToastWish[]; waiting: number }>;

const RETRY_MS = 2_000;

let Shown: ToastWindow | null = null;
let isLoading = false;
let waiting: ToastWish[] = [];
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Fetches what draws toasts, which the first load of a page does not bring. Call it once one is
 * likely, so that it need not wait. While one waits it is tried again until it succeeds.
 */
export function prepareToasts(): void {
  if (Shown !== null || isLoading) return;
  isLoading = true;
  import("@/components/ui/toast-window")
    .then(({ ToastWindow }) => {
      Shown = ToastWindow;
      tell();
    })
    .catch(() => {
      if (waiting.length > 0) setTimeout(prepareToasts, RETRY_MS);
    })
    .finally(() => {
      isLoading = false;
    });
}

/** Says that something was done, or was not, with a way back when there is one. */
export function showToast(message: string, more: Omit<ToastWish, "message"> = {}): void {
  waiting = [...waiting, { message, ...more }];
  prepareToasts();
  tell();
}

function takeWaiting(): ToastWish[] {
  const taken = waiting;
  waiting = [];
  tell();
  return taken;
}

const nothing = () => null;

/** Holds the messages of the whole window, from the first one on. */
export function Toaster() {
  const View = useSyncExternalStore(subscribe, () => Shown, nothing);
  const count = useSyncExternalStore(
    subscribe,
    () => waiting.length,
    () => 0,
  );
  return View && createElement(View, { take: takeWaiting, waiting: count });
}
