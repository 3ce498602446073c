import type { Metadata } from "next";
import { NewPasswordField } from "@/app/(auth)/_components/new-password-field";
import { SpentLink } from "@/app/(auth)/_components/spent-link";
import { requestResetAction, resetPasswordAction } from "@/app/(auth)/actions";
import { findReturnTo } from "@/app/(auth)/browser-cookies";
import { ReadMailHint } from "@/app/(auth)/read-mail-hint";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { AuthShell } from "@/components/layout/auth-shell";
import { TextLink } from "@/components/ui/text-link";
import { inspectResetLink } from "@/lib/authn/reset-password";
import { onTheWayTo, safeReturnTo } from "@/lib/shared/return-to";

export const metadata: Metadata = { title: "Choose a new password" };

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ResetPasswordPage({ searchParams }: Search) {
  const { token, sent, returnTo: asked } = await searchParams;
  if (token !== undefined) return <ChoosePassword token={token} />;
  // A mail that leads here says nothing: this browser may know where it was on its way.
  const returnTo = asked === undefined ? await findReturnTo() : safeReturnTo(asked);
  const footer = <TextLink href={onTheWayTo("/sign-in", returnTo)}>Back to sign in</TextLink>;
  if (sent !== undefined) {
    return (
      <AuthShell
        title="Look into your mail"
        description="If the address has an account, a link is on its way. It works once, within one hour."
        footer={footer}
      >
        <ReadMailHint />
      </AuthShell>
    );
  }
  return (
    <AuthShell
      title="Forgot your password?"
      description="We send you a link to choose a new one."
      footer={footer}
    >
      <ActionForm action={requestResetAction} aria-label="Ask for a link">
        <input type="hidden" name="returnTo" value={returnTo} />
        <TextField
          name="email"
          label="Email"
          type="email"
          autoComplete="username"
          inputMode="email"
          required
        />
        <SubmitButton>Send link</SubmitButton>
      </ActionForm>
    </AuthShell>
  );
}

async function ChoosePassword({ token }: { token: string | string[] }) {
  const link = await inspectResetLink(token);
  if (link.state !== "pending") {
    const again = { href: "/reset-password", label: "Ask for a new link" };
    return <SpentLink state={link.state} again={again} />;
  }
  const invited = link.purpose === "invitation";
  return (
    <AuthShell
      title={invited ? "Choose a password" : "Choose a new password"}
      description={
        <>
          For <strong className="text-ink">{link.email}</strong>.
          {!invited && " Every session of this account ends."}
        </>
      }
    >
      <ActionForm action={resetPasswordAction} aria-label="Choose a password">
        <input type="hidden" name="token" value={String(token)} />
        <input type="hidden" autoComplete="username" defaultValue={link.email} />
        <NewPasswordField label={invited ? "Password" : "New password"} email={link.email} />
        <SubmitButton>{invited ? "Set password" : "Change password"}</SubmitButton>
      </ActionForm>
    </AuthShell>
  );
}
