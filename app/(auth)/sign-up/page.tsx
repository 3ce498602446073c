import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { findCaller } from "@/app/_http/caller";
import { NewPasswordField } from "@/app/(auth)/_components/new-password-field";
import { signUpAction } from "@/app/(auth)/actions";
import { findInvitedAddress } from "@/app/(auth)/invitations/invited-address";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { AuthShell } from "@/components/layout/auth-shell";
import { TextLink } from "@/components/ui/text-link";
import { getConfig } from "@/lib/platform/config";
import { onTheWayTo, safeReturnTo } from "@/lib/shared/return-to";

export const metadata: Metadata = { title: "Create account" };

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignUpPage({ searchParams }: Search) {
  const returnTo = safeReturnTo((await searchParams)["returnTo"]);
  if ((await findCaller()) !== null) redirect(returnTo);
  const footer = (
    <>
      You have an account? <TextLink href={onTheWayTo("/sign-in", returnTo)}>Sign in</TextLink>
    </>
  );
  const invited = await findInvitedAddress();
  const { signUp } = getConfig();
  if (signUp === "closed" || (signUp === "invite" && invited === null)) {
    return (
      <AuthShell title="No new accounts" footer={footer}>
        <p className="text-ink-soft text-sm">
          This site does not take sign-ups. Ask an administrator to invite you.
        </p>
      </AuthShell>
    );
  }
  return (
    <AuthShell title="Create account" footer={footer}>
      <ActionForm action={signUpAction} aria-label="Create account">
        <input type="hidden" name="returnTo" value={returnTo} />
        <TextField name="name" label="Name" autoComplete="name" maxLength={100} optional />
        <TextField
          name="email"
          label="Email"
          type="email"
          autoComplete="username"
          inputMode="email"
          defaultValue={invited ?? undefined}
          hint={invited === null ? undefined : "Your invitation is for this address."}
          required
        />
        <NewPasswordField />
        <SubmitButton>Create account</SubmitButton>
      </ActionForm>
    </AuthShell>
  );
}
