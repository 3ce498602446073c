"use client";

import { usePathname } from "next/navigation";
import { useEffect } from "react";

/** Closes the drawer when a page was chosen in it, and when the window grows past needing one. */
export function DrawerCloser({ target }: { target: string }) {
  const pathname = usePathname();
  useEffect(() => {
    const drawer = document.getElementById(target);
    const wide = window.matchMedia("(min-width: 64rem)");
    const close = () => {
      if (drawer?.matches(":popover-open")) drawer.hidePopover();
    };
    close();
    wide.addEventListener("change", close);
    return () => wide.removeEventListener("change", close);
  }, [target, pathname]);
  return null;
}
