import type { Metadata } from "next";
import { drawnFor } from "@/app/_http/action";
import { findCaller } from "@/app/_http/caller";
import {
  acceptInvitationAction,
  continueToInvitationAction,
} from "@/app/(auth)/invitations/actions";
import { findKeptInvitation } from "@/app/(auth)/invitations/invitation-cookie";
import { maskAddress } from "@/app/(auth)/invitations/mask-address";
import { ActionForm } from "@/components/form/action-form";
import { FormAccount } from "@/components/form/form-account";
import { SubmitButton } from "@/components/form/submit-button";
import { AuthShell } from "@/components/layout/auth-shell";
import { ButtonLink } from "@/components/ui/button";
import { inspectInvitation, type SpentInvitation } from "@/lib/invitations/accept-invitation";
import { HOME_PATH } from "@/lib/shared/return-to";

export const metadata: Metadata = { title: "Invitation" };

const ASK = "Ask whoever invited you for a new one.";
const SPENT: Record<SpentInvitation, [title: string, description: string]> = {
  used: ["This invitation has been used", "It works once. If it was you, everything is done."],
  expired: ["This invitation has expired", `It was good for 7 days. ${ASK}`],
  revoked: ["This invitation was taken back", ASK],
  withdrawn: ["This invitation does not hold any more", ASK],
  unknown: [
    "This invitation does not work",
    "It may have been cut off on its way, or a newer one was sent. Open the newest mail as it came.",
  ],
};

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where the link of an invitation leads, and where it is come back to from a sign-in (F82). */
export default async function InvitationPage({ searchParams }: Search) {
  const { token: asked } = await searchParams;
  const token = asked ?? (await findKeptInvitation());
  const caller = await findCaller();
  const invitation = await inspectInvitation(token, caller?.principal ?? null);
  if (invitation.state !== "pending") {
    const [title, description] = SPENT[invitation.state];
    return (
      <AuthShell title={title} description={description}>
        <div>
          <ButtonLink href={caller === null ? "/sign-in" : HOME_PATH} variant="primary">
            {caller === null ? "Go to sign in" : "Go to your account"}
          </ButtonLink>
        </div>
      </AuthShell>
    );
  }
  const { email, organizationName, standing } = invitation;
  const organization = <strong className="text-ink wrap-anywhere">{organizationName}</strong>;
  const secret = <input type="hidden" name="token" value={String(token)} />;
  if (caller === null || standing === "signed-out") {
    return (
      <AuthShell
        title="You are invited"
        description={
          <>
            Into {organization}, with the address{" "}
            <strong className="text-ink wrap-anywhere">{maskAddress(email)}</strong>. Sign in with
            it, or create an account for it.
          </>
        }
      >
        <ActionForm action={continueToInvitationAction} aria-label="Go on with the invitation">
          {secret}
          <SubmitButton name="by" value="sign-in">
            Sign in
          </SubmitButton>
          <SubmitButton name="by" value="sign-up" variant="secondary">
            Create an account
          </SubmitButton>
        </ActionForm>
      </AuthShell>
    );
  }
  const account = drawnFor(caller.principal);
  if (standing === "theirs") {
    return (
      <AuthShell
        title="You are invited"
        description={
          <>
            Into {organization}. You become a member with{" "}
            <strong className="text-ink wrap-anywhere">{email}</strong>, and its administrators see
            your name and address.
          </>
        }
      >
        <FormAccount account={account}>
          <ActionForm action={acceptInvitationAction} aria-label="Accept the invitation">
            {secret}
            <SubmitButton>Accept</SubmitButton>
            <ButtonLink href={HOME_PATH} variant="ghost">
              Not now
            </ButtonLink>
          </ActionForm>
        </FormAccount>
      </AuthShell>
    );
  }
  return (
    <AuthShell
      title={
        standing === "unverified" ? "Confirm your address first" : "This is for another address"
      }
      description={
        standing === "unverified" ? (
          <>
            You are invited into {organization}, and this account has your address. Nobody has shown
            yet that it is yours. Ask for a link to choose a new password: opening it shows that.
          </>
        ) : (
          <>
            The invitation is for{" "}
            <strong className="text-ink wrap-anywhere">{maskAddress(email)}</strong>, and you are
            signed in as{" "}
            <strong className="text-ink wrap-anywhere">{caller.principal.email}</strong>.
          </>
        )
      }
    >
      {standing === "unverified" ? (
        <div>
          <ButtonLink href="/reset-password" variant="primary">
            Ask for a link
          </ButtonLink>
        </div>
      ) : (
        <FormAccount account={account}>
          <ActionForm action={continueToInvitationAction} aria-label="Use another account">
            {secret}
            <SubmitButton name="by" value="account">
              Use another account
            </SubmitButton>
            <ButtonLink href={HOME_PATH} variant="ghost">
              Stay with this one
            </ButtonLink>
          </ActionForm>
        </FormAccount>
      )}
    </AuthShell>
  );
}
