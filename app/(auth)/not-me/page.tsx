import type { Metadata } from "next";
import { SpentLink } from "@/app/(auth)/_components/spent-link";
import { disownSignInAction } from "@/app/(auth)/actions";
import { ReadMailHint } from "@/app/(auth)/read-mail-hint";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { AuthShell } from "@/components/layout/auth-shell";
import { TextLink } from "@/components/ui/text-link";
import { inspectAlert } from "@/lib/authn/sign-in-alert";

export const metadata: Metadata = { title: "This was not me" };

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where the mail of a sign-in from a new device leads whoever did not make it (F35). */
export default async function NotMePage({ searchParams }: Search) {
  const { token, done } = await searchParams;
  if (done !== undefined) {
    return (
      <AuthShell
        title="Every session has ended"
        description="A link to choose another password is on its way to your mailbox. It works for one hour."
        footer={<TextLink href="/sign-in">Back to sign in</TextLink>}
      >
        <ReadMailHint />
      </AuthShell>
    );
  }
  const alert = await inspectAlert(token);
  if (alert.state !== "pending") {
    const again = { href: "/reset-password", label: "Choose a new password" };
    return <SpentLink state={alert.state} again={again} />;
  }
  return (
    <AuthShell
      title="This was not me"
      description={
        <>
          Every session of <strong className="break-all text-ink">{alert.email}</strong> ends at
          once, also yours, and no device is trusted any more. Then you choose another password.
        </>
      }
    >
      <ActionForm action={disownSignInAction} aria-label="This was not me">
        <input type="hidden" name="token" value={String(token)} />
        <SubmitButton>End every session</SubmitButton>
      </ActionForm>
    </AuthShell>
  );
}
