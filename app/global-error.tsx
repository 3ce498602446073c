"use client";

import { useEffect, useState } from "react";
import { Failure, type FailureProps } from "@/components/layout/failure";
import { directionOf, type Locale } from "@/lib/shared/locale";
import failure from "@/messages/en/failure.json";
import "./globals.css";

/** Comes along with every page; what is said in another language only when it is needed. */
const ENGLISH = { locale: "en" as Locale, failure };

/** Stands in for the root layout itself, so it brings its own document and words, and follows the system's theme. */
export default function GlobalError(props: FailureProps) {
  const [said, setSaid] = useState(ENGLISH);
  useEffect(() => {
    import("@/components/locale/failure-words").then(
      ({ readFailureWords }) => setSaid(readFailureWords()),
      // Without a connection English stays.
      () => undefined,
    );
  }, []);
  return (
    <html lang={said.locale} dir={directionOf(said.locale)}>
      <body>
        <title>{`${said.failure.title} · Gatehouse`}</title>
        <Failure {...props} say={(words) => said.failure[words]} />
      </body>
    </html>
  );
}
