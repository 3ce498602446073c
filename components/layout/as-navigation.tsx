"use client";

import { useEffect } from "react";

/**
 * Goes on as the browser itself would: what is asked for is no page of ours, and
 * must not be fetched by script first, since it works once.
 */
export function AsNavigation({ href }: { href: string }) {
  useEffect(() => {
    window.location.replace(href);
  }, [href]);
  return (
    <noscript>
      <meta httpEquiv="refresh" content={`0;url=${href}`} />
    </noscript>
  );
}
