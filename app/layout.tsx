import geist from "@fontsource-variable/geist/files/geist-latin-wght-normal.woff2";
import type { Metadata, Viewport } from "next";
import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import { preload } from "react-dom";
import { chooseLanguageAction } from "@/app/_locale/actions";
import { ClientWords } from "@/app/_locale/client-words";
import { requestLanguage } from "@/app/_locale/request-language";
import { getTranslations } from "@/app/_locale/translations";
import { Providers } from "@/components/layout/providers";
import { LanguageChoice } from "@/components/locale/language-switch";
import { THEME_COOKIE, themeFrom } from "@/components/ui/theme";
import { directionOf } from "@/lib/shared/locale";
import "./globals.css";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("common");
  return {
    title: { default: "Gatehouse", template: "%s · Gatehouse" },
    description: t("description"),
  };
}

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  colorScheme: "light dark",
};

/** What client components of every page say. */
const WORDS_EVERYWHERE = ["common", "failure"] as const;

export default async function RootLayout({ children }: { children: ReactNode }) {
  preload(geist, { as: "font", type: "font/woff2", crossOrigin: "anonymous" });
  const [cookieStore, requestHeaders] = await Promise.all([cookies(), headers()]);
  const { locale } = await requestLanguage();
  const theme = themeFrom(cookieStore.get(THEME_COOKIE)?.value);
  return (
    // The server writes the class, so the first paint already has the right colours and no
    // inline script is needed; the toggle changes the class later, behind React's back.
    <html
      lang={locale}
      dir={directionOf(locale)}
      className={theme === "system" ? undefined : theme}
      suppressHydrationWarning
    >
      <body>
        <ClientWords areas={WORDS_EVERYWHERE}>
          <LanguageChoice action={chooseLanguageAction}>
            <Providers
              nonce={requestHeaders.get("x-nonce") ?? undefined}
              theme={theme}
              direction={directionOf(locale)}
            >
              {children}
            </Providers>
          </LanguageChoice>
        </ClientWords>
      </body>
    </html>
  );
}
