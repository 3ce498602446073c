"use client";

import { browserSupportsWebAuthnAutofill, WebAuthnAbortService } from "@simplewebauthn/browser";
import { type RefObject, useEffect, useState } from "react";
import { awaitAutofill, type CeremonyOptions } from "@/components/passkey/ceremony";

/** A challenge lives for five minutes, and people leave pages open. */
const RENEWAL_MS = 4 * 60_000;

/**
 * Has the browser offer passkeys among what it fills in, and hands over the
 * answer when one is picked. It was not asked for, so it fails without a word.
 * Returns a function that begins anew, after another ceremony has taken its place.
 */
export function usePasskeyAutofill(
  enabled: boolean,
  busy: RefObject<boolean>,
  ask: () => Promise<CeremonyOptions | null>,
  onAnswer: (response: string) => void,
): () => void {
  const [round, setRound] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `ask` and `onAnswer` are what they were; a round begins a new ceremony.
  useEffect(() => {
    if (!enabled) return;
    let isOver = false;
    const begun = Date.now();

    async function offer(): Promise<void> {
      if (!(await browserSupportsWebAuthnAutofill()) || isOver) return;
      const options = await ask();
      if (options === null || isOver || busy.current) return;
      const response = await awaitAutofill(options);
      if (!isOver && !busy.current) onAnswer(response);
    }
    offer().catch(() => undefined);

    const renew = () => {
      const isDue = Date.now() - begun >= RENEWAL_MS;
      if (isDue && !busy.current && document.visibilityState === "visible") {
        setRound((present) => present + 1);
      }
    };
    const timer = window.setInterval(renew, RENEWAL_MS);
    document.addEventListener("visibilitychange", renew);
    return () => {
      isOver = true;
      window.clearInterval(timer);
      document.removeEventListener("visibilitychange", renew);
      if (!busy.current) WebAuthnAbortService.cancelCeremony();
    };
  }, [enabled, round]);

  return () => setRound((present) => present + 1);
}
