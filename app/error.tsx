"use client";

import { BarePage } from "@/components/layout/bare-page";
import { Failure, type FailureProps } from "@/components/layout/failure";

export default function ErrorPage(props: FailureProps) {
  return (
    <BarePage>
      <Failure {...props} />
    </BarePage>
  );
}
