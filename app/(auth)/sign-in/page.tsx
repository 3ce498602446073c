import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { findCaller } from "@/app/_http/caller";
import { FLASH_COOKIE, readFlash, SESSION_ENDED } from "@/app/_http/flash";
import { listOtherAccounts } from "@/app/(auth)/accounts/browser-accounts";
import { signInAction, signInWithProviderAction } from "@/app/(auth)/actions";
import { answerChallengeAction, beginWithPasskeyAction } from "@/app/(auth)/challenge/actions";
import { federationProblem } from "@/app/(auth)/messages";
import { ActionForm } from "@/components/form/action-form";
import { PasswordField } from "@/components/form/password-field";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { AuthShell } from "@/components/layout/auth-shell";
import { PasskeyForm } from "@/components/passkey/passkey-form";
import { Callout } from "@/components/ui/callout";
import { KeptFlash } from "@/components/ui/kept-flash";
import { TextLink } from "@/components/ui/text-link";
import { listProvidersToShow } from "@/lib/federation/providers";
import { getConfig } from "@/lib/platform/config";
import { canonicalEmail } from "@/lib/shared/email.schema";
import { onTheWayTo, safeReturnTo } from "@/lib/shared/return-to";

export const metadata: Metadata = { title: "Sign in" };

const NOTICES: Record<string, string> = {
  confirmed: "Your email address is confirmed. Sign in to start.",
  password: "Your password is changed and every session has ended. Sign in with the new one.",
  "first-password": "Your password is set. Sign in with it to start.",
  "start-over": "That took too long, or was begun elsewhere. Sign in again.",
  administrator: "You are the first administrator. Sign in to start.",
};

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignInPage({ searchParams }: Search) {
  const { returnTo: asked, email: hinted, notice, error } = await searchParams;
  const returnTo = safeReturnTo(asked);
  if ((await findCaller()) !== null) redirect(returnTo);
  // Filled in for everybody alike: nobody is looked up by it.
  const email = typeof hinted === "string" ? canonicalEmail(hinted) : null;
  const problem = federationProblem(error);
  const said = typeof notice === "string" && Object.hasOwn(NOTICES, notice) && NOTICES[notice];
  const signedOut = !said && (await readFlash())?.event === SESSION_ENDED;
  const providers = await listProvidersToShow();
  const kept = await listOtherAccounts();
  return (
    <AuthShell
      title="Sign in"
      footer={
        getConfig().signUp === "open" && (
          <>
            No account yet?{" "}
            <TextLink href={onTheWayTo("/sign-up", returnTo)}>Create account</TextLink>
          </>
        )
      }
    >
      <div className="flex flex-col gap-5">
        {problem !== null && (
          <Callout tone="danger" role="alert">
            <p>{problem}</p>
          </Callout>
        )}
        {said && (
          <Callout tone="success" role="status">
            <p>{said}</p>
          </Callout>
        )}
        <KeptFlash cookie={FLASH_COOKIE}>
          {signedOut && (
            <Callout role="status">
              <p>You are signed out.</p>
            </Callout>
          )}
        </KeptFlash>
        {kept.length > 0 && (
          <Callout title="This browser has other accounts">
            <p>
              <TextLink href={`/accounts?returnTo=${encodeURIComponent(returnTo)}`}>
                Choose an account
              </TextLink>{" "}
              or sign in to one more.
            </p>
          </Callout>
        )}
        <ActionForm action={signInAction} aria-label="Sign in">
          <input type="hidden" name="returnTo" value={returnTo} />
          <TextField
            name="email"
            label="Email"
            type="email"
            autoComplete="username webauthn"
            inputMode="email"
            defaultValue={email ?? undefined}
            required
          />
          <PasswordField
            name="password"
            label="Password"
            labelAside={
              <TextLink href={onTheWayTo("/reset-password", returnTo)}>Forgot it?</TextLink>
            }
            autoComplete="current-password"
            required
          />
          <SubmitButton>Sign in</SubmitButton>
          <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-sm">
            <span className="text-ink-soft">Without a password:</span>
            <span className="flex gap-2">
              <SubmitButton variant="secondary" size="sm" name="via" value="code">
                Email me a code
              </SubmitButton>
              <SubmitButton variant="secondary" size="sm" name="via" value="link">
                Email me a link
              </SubmitButton>
            </span>
          </div>
        </ActionForm>
        <div className="border-line border-t pt-5">
          <PasskeyForm
            ceremony="get"
            ask={beginWithPasskeyAction}
            answer={answerChallengeAction}
            autofill
            submitLabel="Use a passkey"
            variant="secondary"
            withoutScript="Signing in with a passkey needs JavaScript, which is off in this browser."
            aria-label="Passkey"
          >
            <input type="hidden" name="factor" value="passkey" />
            <input type="hidden" name="for" value="sign-in" />
            <input type="hidden" name="returnTo" value={returnTo} />
          </PasskeyForm>
        </div>
        {providers.length > 0 && (
          <div className="flex flex-col gap-3 border-line border-t pt-5">
            {providers.map(({ id, name }) => (
              <ActionForm
                key={id}
                action={signInWithProviderAction}
                aria-label={`Sign in with ${name}`}
              >
                <input type="hidden" name="provider" value={id} />
                <input type="hidden" name="returnTo" value={returnTo} />
                <SubmitButton variant="secondary">Continue with {name}</SubmitButton>
              </ActionForm>
            ))}
          </div>
        )}
      </div>
    </AuthShell>
  );
}
