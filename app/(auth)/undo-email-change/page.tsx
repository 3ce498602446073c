import type { Metadata } from "next";
import { SpentLink } from "@/app/(auth)/_components/spent-link";
import { ReadMailHint } from "@/app/(auth)/read-mail-hint";
import { undoEmailChangeAction } from "@/app/(auth)/undo-email-change/actions";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { AuthShell } from "@/components/layout/auth-shell";
import { TextLink } from "@/components/ui/text-link";
import { inspectUndoLink } from "@/lib/authn/undo-email-change";

export const metadata: Metadata = { title: "Take your account back" };

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where the mail to a former address leads whoever did not change it (F106). */
export default async function UndoEmailChangePage({ searchParams }: Search) {
  const { token, done } = await searchParams;
  if (done !== undefined) {
    return (
      <AuthShell
        title="Your account has its address back"
        description="Every session has ended. A link to choose another password is on its way to your mailbox. It works for one hour."
        footer={<TextLink href="/sign-in">Back to sign in</TextLink>}
      >
        <ReadMailHint />
      </AuthShell>
    );
  }
  const link = await inspectUndoLink(token);
  if (link.state !== "pending") {
    const again = { href: "/reset-password", label: "Choose a new password" };
    return <SpentLink state={link.state} again={again} />;
  }
  return (
    <AuthShell
      title="Take your account back"
      description={
        <>
          Your account gets the address{" "}
          <strong className="break-all text-ink">{link.oldEmail}</strong> back. Every session ends
          at once, also yours, and ways to sign in that were added since are removed. Then you
          choose another password.
        </>
      }
    >
      <ActionForm action={undoEmailChangeAction} aria-label="Take your account back">
        <input type="hidden" name="token" value={String(token)} />
        <SubmitButton>Take the account back</SubmitButton>
      </ActionForm>
    </AuthShell>
  );
}
