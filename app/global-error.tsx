"use client";

import { BarePage } from "@/components/layout/bare-page";
import { Failure, type FailureProps } from "@/components/layout/failure";
import "./globals.css";

/** Stands in for the root layout itself, so it brings its own document and follows the system's theme. */
export default function GlobalError(props: FailureProps) {
  return (
    <html lang="en">
      <body>
        <title>Something went wrong · Gatehouse</title>
        <BarePage>
          <Failure {...props} />
        </BarePage>
      </body>
    </html>
  );
}
