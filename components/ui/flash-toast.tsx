"use client";

import { useEffect, useRef } from "react";
import { useTranslations } from "#translations";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { showToast } from "@/components/ui/toast";
import type { UndoOffer } from "@/lib/shared/form-state";

/**
 * A message that the server left for the page after a redirect. With script it
 * is a toast; without, a line at the top of the page with the same way back.
 * `clearCookie` names the cookie that carried it, so that a reload is silent.
 */
export function FlashToast({
  message,
  undo,
  clearCookie,
}: {
  message: string;
  undo?: UndoOffer;
  clearCookie?: string;
}) {
  const t = useTranslations("common");
  const shown = useRef<string>(undefined);
  useEffect(() => {
    // Strict mode runs effects twice, and a refresh of the page renders the same message again.
    if (shown.current === message) return;
    shown.current = message;
    showToast(message, { undo });
    if (clearCookie) document.cookie = `${clearCookie}=; Path=/; Max-Age=0; SameSite=Lax`;
  }, [message, undo, clearCookie]);

  return (
    <noscript>
      <Callout
        tone="success"
        role="status"
        className="mb-6"
        action={
          undo && (
            // The form ignores what the action answers; the page that follows tells the outcome.
            <form action={undo.action as unknown as () => Promise<void>}>
              <Button type="submit" size="sm">
                {undo.label ?? t("undo")}
              </Button>
            </form>
          )
        }
      >
        <p>{message}</p>
      </Callout>
    </noscript>
  );
}
