"use client";

import { useEffect, useState } from "react";
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
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), REFRESH_MILLISECONDS);
    return () => clearInterval(timer);
  }, []);

  const at = new Date(iso);
  return (
    <time dateTime={iso} title={absoluteTime(at)} className={className}>
      {relativeTime(at, Math.max(now, serverNow))}
    </time>
  );
}
