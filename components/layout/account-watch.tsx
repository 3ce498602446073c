"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "#translations";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { NAMED } from "@/components/ui/name";

const CHANNEL = "gatehouse-account";

const reload = () => window.location.reload();

/**
 * Tells the other tabs of this browser whose pages are shown now, and says so
 * where a page is of another account (F36) or of another organization of it (F81). Such a page stays to be read; the next
 * one is loaded whole, so that nothing of one account is framed by the other.
 */
export function AccountWatch({
  account,
  email,
  organization,
}: {
  /** The account and the organization that it is in, as forms name them. */
  account: string;
  email: string;
  organization: string;
}) {
  const t = useTranslations("common.accountWatch");
  const [shownNow, setShownNow] = useState(account);
  const isStale = shownNow !== account;
  const place = `${usePathname()}?${useSearchParams().toString()}`;
  const stalePlace = useRef<string | null>(null);

  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.addEventListener("message", ({ data }) => setShownNow(String(data)));
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is our own origin by its nature.
    channel.postMessage(account);
    // A page that the browser had put aside has heard nothing.
    const shown = ({ persisted }: PageTransitionEvent) => {
      if (persisted) reload();
    };
    window.addEventListener("pageshow", shown);
    return () => {
      channel.close();
      window.removeEventListener("pageshow", shown);
    };
  }, [account]);

  useEffect(() => {
    if (!isStale) stalePlace.current = null;
    else if (stalePlace.current === null) stalePlace.current = place;
    else if (stalePlace.current !== place) reload();
  }, [isStale, place]);

  if (!isStale) return null;
  const isSameUser = shownNow.split(":")[0] === account.split(":")[0];
  return (
    <div className="px-4 pt-4 sm:px-8 lg:px-12">
      <Callout
        tone="warning"
        role="alert"
        title={t(isSameUser ? "organization" : "account")}
        action={
          <Button size="sm" onClick={reload}>
            {t("reload")}
          </Button>
        }
      >
        <p>
          {t.rich("text", {
            ...NAMED,
            name: isSameUser ? organization : email,
          })}
        </p>
      </Callout>
    </div>
  );
}
