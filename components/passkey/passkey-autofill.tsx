"use client";

import { useEffect, useEffectEvent } from "react";
import {
  awaitAutofill,
  type CeremonyOptions,
  endCeremony,
  offersAutofill,
} from "@/components/passkey/ceremony";

/** A challenge lives for five minutes, and people leave pages open. */
const RENEWAL_MS = 4 * 60_000;

/**
 * Has the browser offer passkeys among what it fills in, for as long as it is
 * mounted, and hands over the answer when one is picked. Nobody asked for it, so
 * it fails without a word. Mount it anew after another ceremony has ended it, and
 * when it says that it is stale.
 */
export function PasskeyAutofill({
  ask,
  isBusy,
  onAnswer,
  onStale,
}: {
  ask: () => Promise<CeremonyOptions | null>;
  /** Whether another ceremony goes on, which this one must not disturb. */
  isBusy: () => boolean;
  onAnswer: (response: string) => void;
  onStale: () => void;
}) {
  const question = useEffectEvent(ask);
  const isDisturbing = useEffectEvent(isBusy);
  const answer = useEffectEvent(onAnswer);
  const stale = useEffectEvent(onStale);

  useEffect(() => {
    let isOver = false;
    const begun = Date.now();
    const isWanted = () => !isOver && !isDisturbing();

    async function offer(): Promise<void> {
      if (!(await offersAutofill()) || !isWanted()) return;
      const options = await question();
      if (options === null || !isWanted()) return;
      const response = await awaitAutofill(options);
      if (isWanted()) answer(response);
    }
    offer().catch(() => undefined);

    const renew = () => {
      const isDue = Date.now() - begun >= RENEWAL_MS;
      if (isDue && isWanted() && document.visibilityState === "visible") stale();
    };
    const timer = window.setInterval(renew, RENEWAL_MS);
    document.addEventListener("visibilitychange", renew);
    return () => {
      isOver = true;
      window.clearInterval(timer);
      document.removeEventListener("visibilitychange", renew);
      endCeremony();
    };
  }, []);

  return null;
}
