import type { Metadata } from "next";
import { SpentLink } from "@/app/(auth)/_components/spent-link";
import { confirmEmailAction } from "@/app/(auth)/actions";
import { findReturnTo, findSignUpBrowser } from "@/app/(auth)/browser-cookies";
import { ReadMailHint } from "@/app/(auth)/read-mail-hint";
import { ActionForm } from "@/components/form/action-form";
import { PasswordField } from "@/components/form/password-field";
import { SubmitButton } from "@/components/form/submit-button";
import { AuthShell } from "@/components/layout/auth-shell";
import { TextLink } from "@/components/ui/text-link";
import { inspectRegistrationLink } from "@/lib/authn/confirm-registration";
import { onTheWayTo } from "@/lib/shared/return-to";

export const metadata: Metadata = { title: "Confirm your email address" };

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function VerifyEmailPage({ searchParams }: Search) {
  const { token } = await searchParams;
  const signUp = onTheWayTo("/sign-up", await findReturnTo());
  if (token === undefined) {
    return (
      <AuthShell
        title="Look into your mail"
        description="We have sent you a link. Open it within 24 hours to confirm your email address."
        footer={
          <>
            Nothing there? Look among spam, or <TextLink href={signUp}>try again</TextLink>.
          </>
        }
      >
        <ReadMailHint />
      </AuthShell>
    );
  }
  const link = await inspectRegistrationLink(token, await findSignUpBrowser());
  if (link.state !== "pending") {
    return <SpentLink state={link.state} again={{ href: signUp, label: "Sign up again" }} />;
  }
  return (
    <AuthShell
      title="Confirm your email address"
      description={
        link.proof === "browser" ? (
          <>
            Confirm that <strong className="text-ink">{link.email}</strong> is yours.
          </>
        ) : (
          <>
            You signed up with <strong className="text-ink">{link.email}</strong> in another
            browser. Enter the password that you chose there, so that nobody else can have signed up
            in your name.
          </>
        )
      }
    >
      <ActionForm action={confirmEmailAction} aria-label="Confirm email address">
        <input type="hidden" name="token" value={String(token)} />
        {link.proof === "password" && (
          <PasswordField
            name="password"
            label="Password"
            autoComplete="current-password"
            required
          />
        )}
        <SubmitButton>Confirm email address</SubmitButton>
      </ActionForm>
    </AuthShell>
  );
}
