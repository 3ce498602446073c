import geist from "@fontsource-variable/geist/files/geist-latin-wght-normal.woff2";
import type { Metadata, Viewport } from "next";
import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import { preload } from "react-dom";
import { Providers } from "@/components/layout/providers";
import { THEME_COOKIE, themeFrom } from "@/components/ui/theme";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Gatehouse", template: "%s · Gatehouse" },
  description: "Identity and access that you host yourself.",
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  colorScheme: "light dark",
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  preload(geist, { as: "font", type: "font/woff2", crossOrigin: "anonymous" });
  const [cookieStore, requestHeaders] = await Promise.all([cookies(), headers()]);
  const theme = themeFrom(cookieStore.get(THEME_COOKIE)?.value);
  return (
    // The server writes the class, so the first paint already has the right colours and no
    // inline script is needed; the toggle changes the class later, behind React's back.
    <html lang="en" className={theme === "system" ? undefined : theme} suppressHydrationWarning>
      <body>
        <Providers nonce={requestHeaders.get("x-nonce") ?? undefined} theme={theme}>
          {children}
        </Providers>
      </body>
    </html>
  );
}
