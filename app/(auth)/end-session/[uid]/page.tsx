import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { findCaller } from "@/app/_http/caller";
import { confirmEndSessionAction } from "@/app/(auth)/end-session/[uid]/actions";
import { ActionForm } from "@/components/form/action-form";
import { FormAccount } from "@/components/form/form-account";
import { SubmitButton } from "@/components/form/submit-button";
import { AsNavigation } from "@/components/layout/as-navigation";
import { AuthShell } from "@/components/layout/auth-shell";
import { ButtonLink } from "@/components/ui/button";
import { findEndSessionRequest } from "@/lib/oidc/end-session";
import { HOME_PATH } from "@/lib/shared/return-to";

export const metadata: Metadata = { title: "Sign out" };

/** Where an app's request to sign out leads when the app cannot prove whom it is for (F62). */
export default async function EndSessionPage({ params }: { params: Promise<{ uid: string }> }) {
  const { uid } = await params;
  const request = await findEndSessionRequest(uid);
  if (request === null) notFound();
  const { backTo, clientName } = request;
  const caller = await findCaller();
  if (caller === null) {
    if (backTo === null) redirect("/signed-out");
    return (
      <AuthShell
        title="You are signed out"
        description={`You are led back to ${clientName ?? "the app"}.`}
      >
        <AsNavigation href={backTo} />
        <a className="font-medium text-accent underline" href={backTo}>
          Continue
        </a>
      </AuthShell>
    );
  }
  const { email, userId, session } = caller.principal;
  if (session.id !== request.sessionId) {
    return (
      <AuthShell
        title="You have switched accounts"
        description="An app asked to sign out the account that was in use before. Go back to the app and sign out there once more."
      >
        <ButtonLink href={HOME_PATH}>Go to your account</ButtonLink>
      </AuthShell>
    );
  }
  return (
    <AuthShell
      title="Sign out?"
      description={
        <>
          {clientName ?? "A link that you followed"} asks to sign out{" "}
          <strong className="wrap-anywhere font-medium text-ink">{email}</strong>. This ends your
          session here, and the apps that you opened with it are told.
        </>
      }
    >
      <FormAccount account={userId}>
        <ActionForm action={confirmEndSessionAction} aria-label="Sign out">
          <input type="hidden" name="uid" value={uid} />
          <div className="grid grid-cols-2 gap-3">
            <ButtonLink href={HOME_PATH}>Stay signed in</ButtonLink>
            <SubmitButton>Sign out</SubmitButton>
          </div>
        </ActionForm>
      </FormAccount>
    </AuthShell>
  );
}
