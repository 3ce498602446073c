import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { NewPasswordField } from "@/app/(auth)/_components/new-password-field";
import { setupAction } from "@/app/(auth)/actions";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { AuthShell } from "@/components/layout/auth-shell";
import { isValidSetupToken, setupIsOpen } from "@/lib/authn/first-administrator";

export const metadata: Metadata = { title: "Set up", referrer: "no-referrer" };

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SetupPage({ searchParams }: Search) {
  if (!(await setupIsOpen())) notFound();
  const { token } = await searchParams;
  if (!(await isValidSetupToken(token))) {
    return (
      <AuthShell
        title="The link is needed"
        description="Open the one-time link that Gatehouse printed when it started. Only the newest works; a restart prints another."
      >
        <p className="text-ink-soft text-sm">
          It begins with “First administrator:” and stands just before “Gatehouse is ready”.
        </p>
      </AuthShell>
    );
  }
  return (
    <AuthShell
      title="Become the first administrator"
      description="This account may do everything. The link works once and is worthless afterwards."
    >
      <ActionForm action={setupAction} aria-label="Become the first administrator">
        <input type="hidden" name="token" value={String(token)} />
        <TextField name="name" label="Name" autoComplete="name" maxLength={100} optional />
        <TextField
          name="email"
          label="Email"
          type="email"
          autoComplete="username"
          inputMode="email"
          required
        />
        <NewPasswordField />
        <SubmitButton>Create account</SubmitButton>
      </ActionForm>
    </AuthShell>
  );
}
