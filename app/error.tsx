"use client";

import { useTranslations } from "#translations";
import { Failure, type FailureProps } from "@/components/layout/failure";

export default function ErrorPage(props: FailureProps) {
  const t = useTranslations("failure");
  return <Failure {...props} say={(words) => t(words)} />;
}
