import type { Metadata } from "next";
import { SpentLink } from "@/app/(auth)/_components/spent-link";
import { signInWithLinkAction } from "@/app/(auth)/actions";
import { ReadMailHint } from "@/app/(auth)/read-mail-hint";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { AuthShell } from "@/components/layout/auth-shell";
import { Callout } from "@/components/ui/callout";
import { TextLink } from "@/components/ui/text-link";
import { findDeviceSecret } from "@/lib/authn/device-cookie";
import { findFlowCookie } from "@/lib/authn/flow-cookie";
import { inspectSignInLink } from "@/lib/authn/sign-in-with-link";

export const metadata: Metadata = { title: "Sign in by link" };

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where a sign-in link leads. Opening it signs nobody in: scanners open links too (F3). */
export default async function SignInLinkPage({ searchParams }: Search) {
  const { token } = await searchParams;
  if (token === undefined) {
    return (
      <AuthShell
        title="Look into your mail"
        description="We have sent you a link. Open it within ten minutes, in this browser."
        footer={
          <>
            Nothing there? Look among spam, or <TextLink href="/sign-in">try again</TextLink>.
          </>
        }
      >
        <ReadMailHint />
      </AuthShell>
    );
  }
  const browser = { flowSecret: await findFlowCookie(), deviceSecret: await findDeviceSecret() };
  const link = await inspectSignInLink(token, browser);
  if (link.state !== "pending") {
    return <SpentLink state={link.state} again={{ href: "/sign-in", label: "Sign in again" }} />;
  }
  return (
    <AuthShell
      title="Sign in"
      description={
        <>
          As <strong className="break-all text-ink">{link.email}</strong>.
        </>
      }
    >
      <ActionForm action={signInWithLinkAction} aria-label="Sign in by link">
        {link.elsewhere && (
          <Callout tone="warning" title="This link was asked for in another browser">
            <p>Go on only if that was you. It signs in this browser, and not the other one.</p>
          </Callout>
        )}
        <input type="hidden" name="token" value={String(token)} />
        <SubmitButton>{link.elsewhere ? "Sign in here" : "Sign in"}</SubmitButton>
      </ActionForm>
    </AuthShell>
  );
}
