import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { findCaller } from "@/app/_http/caller";
import { findSignOutSecret } from "@/app/(auth)/browser-cookies";
import { AuthShell } from "@/components/layout/auth-shell";
import { ButtonLink } from "@/components/ui/button";
import { buttonClass } from "@/components/ui/button-class";
import { findUpstreamSignOut, signOutStateOf } from "@/lib/federation/upstream-sign-out";
import { HOME_PATH } from "@/lib/shared/return-to";

export const metadata: Metadata = { title: "Signed out" };

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where whoever came from a provider chooses to sign out there, too, and comes back to (F74). */
export default async function SignedOutPage({ searchParams }: Search) {
  if ((await findCaller()) !== null) redirect(HOME_PATH);
  const { state } = await searchParams;
  const secret = await findSignOutSecret();
  const upstream = await findUpstreamSignOut(secret);
  // Only the browser that left for the provider is told that it came back from there.
  const cameBack = secret !== undefined && state === signOutStateOf(secret);
  if (upstream === null || cameBack) {
    return (
      <AuthShell
        title="You are signed out"
        description={
          cameBack
            ? "Your session here has ended, and your provider was asked to end its own."
            : "Your session here has ended."
        }
      >
        <ButtonLink href="/sign-in" variant="primary" className="w-full">
          Sign in again
        </ButtonLink>
      </AuthShell>
    );
  }
  const { providerName, address } = upstream;
  return (
    <AuthShell
      title="You are signed out here"
      description={`You may still be signed in at ${providerName}, and whoever uses this browser next could come back in with it. On a computer that you share, sign out there, too.`}
    >
      <div className="flex flex-col gap-3">
        {/* No form: what a form leads to is judged by the Content-Security-Policy, and this is another host. */}
        <a href={address} className={buttonClass("primary")}>
          Sign out at {providerName}
        </a>
        <ButtonLink href="/sign-in">Sign in again</ButtonLink>
      </div>
    </AuthShell>
  );
}
