import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { onwardTarget } from "@/app/_http/onward";
import { AuthShell } from "@/components/layout/auth-shell";
import { ButtonLink } from "@/components/ui/button";

export const metadata: Metadata = { title: "Going on" };

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Goes on to a provider by itself, for browsers without script. */
export default async function OnwardPage({ searchParams }: Search) {
  const target = onwardTarget((await searchParams)["to"]) ?? redirect("/sign-in");
  return (
    <AuthShell title="Going on" description={`You are led to ${target.host}.`}>
      <meta httpEquiv="refresh" content={`0;url=${target.href}`} />
      <ButtonLink href={target.href} variant="primary">
        Continue to {target.host}
      </ButtonLink>
    </AuthShell>
  );
}
