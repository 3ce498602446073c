"use client";

import { useEffect } from "react";

/** Closes the drawer when a link in it is followed, and when the window grows past needing one. */
export function DrawerCloser({ target }: { target: string }) {
  useEffect(() => {
    const drawer = document.getElementById(target);
    const wide = window.matchMedia("(min-width: 64rem)");
    const close = () => {
      if (drawer?.matches(":popover-open")) drawer.hidePopover();
    };
    const followed = (event: MouseEvent) => {
      if (event.target instanceof Element && event.target.closest("a")) close();
    };
    drawer?.addEventListener("click", followed);
    wide.addEventListener("change", close);
    return () => {
      drawer?.removeEventListener("click", followed);
      wide.removeEventListener("change", close);
    };
  }, [target]);
  return null;
}
