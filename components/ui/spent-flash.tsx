"use client";

import { useEffect } from "react";

/** Drops the cookie that carried a notice which stays on the page, so that a reload is silent. */
export function SpentFlash({ cookie }: { cookie: string }) {
  useEffect(() => {
    document.cookie = `${cookie}=; Path=/; Max-Age=0; SameSite=Lax`;
  }, [cookie]);
  return null;
}
