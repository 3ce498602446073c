"use client";

import { useEffect, useState } from "react";
import { useLanguage, useTranslations } from "#translations";
import { absoluteTime, relativeTime } from "@/components/ui/time-format";

const REFRESH_MILLISECONDS = 30_000;

export function LiveTime({
  iso,
  serverNow,
  className,
}: {
  iso: string;
  serverNow: number;
  className?: string;
}) {
  const t = useTranslations("common.time");
  const language = useLanguage();
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), REFRESH_MILLISECONDS);
    return () => clearInterval(timer);
  }, []);

  const at = new Date(iso);
  return (
    <time
      dateTime={iso}
      // A browser may know other names of months and zones than the server.
      suppressHydrationWarning
      title={absoluteTime(at, language)}
      className={className}
    >
      {relativeTime(at, Math.max(now, serverNow), language) ?? t("justNow")}
    </time>
  );
}
