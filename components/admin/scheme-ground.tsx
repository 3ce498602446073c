"use client";

import { type ReactNode, useEffect, useRef } from "react";
import { SCHEME_COLOURS } from "@/components/admin/scheme-colours";
import { cn } from "@/components/ui/cn";
import type { AccentTones, Scheme } from "@/lib/shared/accent";

/**
 * A part of a page that is drawn in this scheme, whatever that of the page is, and in these tones of a
 * colour. Script sets them on the element, as no style may stand in the page; without script it is
 * drawn as the page is.
 */
export function SchemeGround({
  scheme,
  tones = null,
  label,
  className,
  children,
}: {
  scheme: Scheme;
  tones?: AccentTones | null;
  label: string;
  className?: string;
  children: ReactNode;
}) {
  const ground = useRef<HTMLDivElement>(null);
  const { accent, on } = tones ?? {};
  useEffect(() => {
    const style = ground.current?.style;
    const colours = {
      ...SCHEME_COLOURS[scheme],
      ...(accent !== undefined && on !== undefined && { accent, "on-accent": on }),
    };
    for (const [name, colour] of Object.entries(colours)) {
      style?.setProperty(`--color-${name}`, colour);
    }
  }, [scheme, accent, on]);
  return (
    <div
      ref={ground}
      role="img"
      aria-label={label}
      className={cn(scheme, "rounded-lg border border-line bg-paper p-4 text-ink", className)}
    >
      {children}
    </div>
  );
}
