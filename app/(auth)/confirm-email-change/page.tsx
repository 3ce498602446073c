import type { Metadata } from "next";
import { findCaller } from "@/app/_http/caller";
import { SpentLink } from "@/app/(auth)/_components/spent-link";
import { confirmEmailChangeAction } from "@/app/(auth)/confirm-email-change/actions";
import { ReadMailHint } from "@/app/(auth)/read-mail-hint";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { AuthShell } from "@/components/layout/auth-shell";
import { ButtonLink } from "@/components/ui/button";
import { inspectEmailChangeLink } from "@/lib/authn/confirm-email-change";

export const metadata: Metadata = { title: "Change your email address" };

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where the mails to both addresses lead (F106). Opening it changes nothing. */
export default async function ConfirmEmailChangePage({ searchParams }: Search) {
  const { token, done } = await searchParams;
  const caller = await findCaller();
  const home = (
    <ButtonLink href={caller === null ? "/sign-in" : "/account/profile"} variant="primary">
      {caller === null ? "Go to sign in" : "Go to your profile"}
    </ButtonLink>
  );
  if (done === "changed") {
    return (
      <AuthShell
        title="Your address is changed"
        description="Sign in with the new one from now on. The former one got a mail by which this can be undone for 7 days."
      >
        {home}
      </AuthShell>
    );
  }
  if (done !== undefined) {
    return (
      <AuthShell
        title="This address is confirmed"
        description="The address changes as soon as the link in the other mail is confirmed too."
      >
        <ReadMailHint />
        {home}
      </AuthShell>
    );
  }
  const link = await inspectEmailChangeLink(token, caller?.principal.userId ?? null);
  if (link.state === "elsewhere") {
    const here = `/confirm-email-change?token=${String(token)}`;
    return (
      <AuthShell
        title="Sign in first"
        description="Only the account that asked for this address can take it. If that was not yours, close this page: nothing changes."
      >
        {caller === null ? (
          <ButtonLink href={`/sign-in?returnTo=${encodeURIComponent(here)}`} variant="primary">
            Sign in
          </ButtonLink>
        ) : (
          <p className="text-sm">
            You are signed in as{" "}
            <strong className="break-all font-medium">{caller.principal.email}</strong>, which did
            not ask for it.
          </p>
        )}
      </AuthShell>
    );
  }
  if (link.state !== "pending") {
    const again = { href: "/account/profile", label: "Go to your profile" };
    return <SpentLink state={link.state} again={again} />;
  }
  const address = <strong className="break-all text-ink">{link.newEmail}</strong>;
  return (
    <AuthShell
      title="Change your email address"
      description={
        link.side === "old" ? (
          <>
            Your account is to have the address {address} instead of this one. If you did not ask
            for it, close this page and choose another password.
          </>
        ) : (
          <>Confirm that {address} is yours and is to be the address of your account.</>
        )
      }
    >
      <ActionForm action={confirmEmailChangeAction} aria-label="Change email address">
        <input type="hidden" name="token" value={String(token)} />
        <SubmitButton>Confirm the change</SubmitButton>
      </ActionForm>
    </AuthShell>
  );
}
