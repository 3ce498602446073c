import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { findCaller } from "@/app/_http/caller";
import { requireCaller } from "@/app/_http/page";
import {
  answerConsentAction,
  chooseAnotherAccountAction,
} from "@/app/(auth)/interaction/[uid]/actions";
import { chosenPath } from "@/app/(auth)/interaction/[uid]/chosen-path";
import { ConsentForm } from "@/app/(auth)/interaction/[uid]/consent-form";
import { ActionForm } from "@/components/form/action-form";
import { FormAccount } from "@/components/form/form-account";
import { SubmitButton } from "@/components/form/submit-button";
import { AsNavigation } from "@/components/layout/as-navigation";
import { AuthShell } from "@/components/layout/auth-shell";
import { ButtonLink } from "@/components/ui/button";
import { findInteractionStep } from "@/lib/oidc/interactions";
import { accountsPath, signInPath, stepUpPath } from "@/lib/shared/return-to";

interface Search {
  params: Promise<{ uid: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export const metadata: Metadata = { title: "Sign in to an app" };

/** Where an app's request for a sign-in leads: what is missing is asked for, one thing at a time (F67). */
export default async function InteractionPage({ params, searchParams }: Search) {
  const { uid } = await params;
  const chosen = (await searchParams)["account"] === "chosen";
  const path = chosen ? chosenPath(uid) : `/interaction/${encodeURIComponent(uid)}`;
  // Whoever a rule holds is led through it first.
  const caller = (await findCaller()) && (await requireCaller(path));
  const next = await findInteractionStep(uid, caller, { chosen });
  switch (next.step) {
    case "unknown":
      return notFound();
    case "sign-in":
      return redirect(signInPath(path, next.email));
    case "choose-account":
      return redirect(accountsPath(chosenPath(uid)));
    case "step-up":
      return redirect(stepUpPath(path, next.acr));
    case "somebody-else":
      return (
        <AuthShell
          title="Start again in the app"
          description="This request was begun while somebody else was signed in here. Go back to the app and sign in there once more."
        >
          <ButtonLink href="/dashboard" variant="secondary">
            Go to your account
          </ButtonLink>
        </AuthShell>
      );
    case "go-on":
      return (
        <AuthShell title="Going on" description={`You are led back to ${next.clientName}.`}>
          <AsNavigation href={next.href} />
          <a className="font-medium text-accent underline" href={next.href}>
            Continue
          </a>
        </AuthShell>
      );
    case "consent":
      return (
        <AuthShell
          title={`Allow ${next.clientName}?`}
          description={
            <>
              {next.clientName}
              {next.claimedName !== null && <> (it calls itself “{next.claimedName}”)</>} asks to
              act for{" "}
              <strong className="wrap-anywhere font-medium text-ink">
                {caller?.principal.email}
              </strong>
              . It may then:
            </>
          }
        >
          <FormAccount account={caller?.principal.userId ?? ""}>
            <ConsentForm uid={uid} scopes={next.scopes} action={answerConsentAction} />
            <p className="mt-4 text-ink-soft text-xs">
              {next.destination.where === "site"
                ? "Either way you are led to "
                : "Either way you are led to a program on this device: "}
              <strong className="wrap-anywhere font-medium text-ink">
                {next.destination.name}
              </strong>
            </p>
            <ActionForm action={chooseAnotherAccountAction} aria-label="Use another account">
              <input type="hidden" name="uid" value={uid} />
              <SubmitButton variant="ghost" size="sm" className="mt-2">
                Use another account
              </SubmitButton>
            </ActionForm>
          </FormAccount>
        </AuthShell>
      );
  }
}
