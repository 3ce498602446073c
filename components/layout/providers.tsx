"use client";

import { CSPProvider } from "@base-ui/react/csp-provider";
import { DirectionProvider } from "@base-ui/react/direction-provider";
import type { ReactNode } from "react";
import { NavigationProgress } from "@/components/ui/pending-navigation";
import type { Theme } from "@/components/ui/theme";
import { ThemeProvider } from "@/components/ui/theme-toggle";
import { Toaster } from "@/components/ui/toast";

/** What every page shares. Base UI's own style elements are off: our policy allows none. */
export function Providers({
  nonce,
  theme,
  direction,
  children,
}: {
  nonce?: string;
  theme: Theme;
  direction: "ltr" | "rtl";
  children: ReactNode;
}) {
  return (
    <CSPProvider nonce={nonce} disableStyleElements>
      <DirectionProvider direction={direction}>
        <ThemeProvider initial={theme}>
          <NavigationProgress />
          {children}
          <Toaster />
        </ThemeProvider>
      </DirectionProvider>
    </CSPProvider>
  );
}
