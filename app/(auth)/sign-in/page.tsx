import { redirect } from "next/navigation";
import { findCaller } from "@/app/_http/caller";
import { FLASH_COOKIE, readFlash, SESSION_ENDED } from "@/app/_http/flash";
import { getTranslations, titled } from "@/app/_locale/translations";
import { listOtherAccounts } from "@/app/(auth)/accounts/browser-accounts";
import { signInAction, signInWithProviderAction } from "@/app/(auth)/actions";
import { lookOf, NamedOrganizationField } from "@/app/(auth)/branded-shell";
import { answerChallengeAction, beginWithPasskeyAction } from "@/app/(auth)/challenge/actions";
import { stopImpersonationAction } from "@/app/(auth)/impersonation/actions";
import { federationProblem } from "@/app/(auth)/messages";
import { ActionForm } from "@/components/form/action-form";
import { TextField } from "@/components/form/line-field";
import { PasswordField } from "@/components/form/password-field";
import { SubmitButton } from "@/components/form/submit-button";
import { AuthShell } from "@/components/layout/auth-shell";
import { PasskeyForm } from "@/components/passkey/passkey-form";
import { Callout } from "@/components/ui/callout";
import { KeptFlash } from "@/components/ui/kept-flash";
import { linkTo, TextLink } from "@/components/ui/text-link";
import { findOwnSession } from "@/lib/authn/kept-cookie";
import { listProvidersToShow } from "@/lib/federation/providers";
import { getConfig } from "@/lib/platform/config";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { canonicalEmail } from "@/lib/shared/email.schema";
import { onTheWayTo, safeReturnTo } from "@/lib/shared/return-to";

export const generateMetadata = titled("auth.signIn");

const NOTICES = ["confirmed", "password", "first-password", "start-over", "administrator"] as const;

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignInPage({ searchParams }: Search) {
  const { returnTo: asked, email: hinted, notice, error, org } = await searchParams;
  const returnTo = safeReturnTo(asked);
  if ((await findCaller()) !== null) redirect(returnTo);
  const t = await getTranslations("auth.signIn");
  const shared = await getTranslations("auth");
  // Filled in for everybody alike: nobody is looked up by it.
  const email = typeof hinted === "string" ? canonicalEmail(hinted) : null;
  const problem = await federationProblem(error);
  const said = NOTICES.find((name) => name === notice);
  const signedOut = !said && (await readFlash())?.event === SESSION_ENDED;
  // At once: when the database is silent, this page is still there, and nobody waits for that twice.
  const [look, providers, kept, own] = await Promise.all([
    lookOf({ org }),
    listProvidersToShow(),
    listOtherAccounts(),
    // What is left in the browser of whoever acted as somebody else, until that was over.
    findOwnSession().then(findPrincipal),
  ]);
  return (
    <AuthShell
      look={look}
      title={t("title")}
      footer={
        getConfig().signUp === "open" &&
        t.rich("noAccount", {
          ...linkTo(onTheWayTo("/sign-up", returnTo, org)),
        })
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
            <p>{t(`notices.${said}`)}</p>
          </Callout>
        )}
        <KeptFlash cookie={FLASH_COOKIE}>
          {signedOut && (
            <Callout role="status">
              <p>{t("signedOut")}</p>
            </Callout>
          )}
        </KeptFlash>
        {own !== null && (
          <Callout
            title={t("actAsNobody")}
            action={
              <ActionForm action={stopImpersonationAction} aria-label={t("ownAccount")}>
                <div>
                  <SubmitButton size="sm">{t("goOnAsYourself")}</SubmitButton>
                </div>
              </ActionForm>
            }
          >
            <p className="wrap-anywhere">{t("stillSignedIn", { email: own.email })}</p>
          </Callout>
        )}
        {kept.length > 0 && (
          <Callout title={t("others")}>
            <p>
              {t.rich("chooseOrAdd", {
                ...linkTo(`/accounts?returnTo=${encodeURIComponent(returnTo)}`),
              })}
            </p>
          </Callout>
        )}
        <ActionForm action={signInAction} aria-label={t("title")}>
          <input type="hidden" name="returnTo" value={returnTo} />
          <NamedOrganizationField org={org} />
          <TextField
            name="email"
            label={shared("fields.email")}
            type="email"
            autoComplete="username webauthn"
            inputMode="email"
            defaultValue={email ?? undefined}
            required
          />
          <PasswordField
            name="password"
            label={shared("fields.password")}
            labelAside={
              <TextLink href={onTheWayTo("/reset-password", returnTo, org)}>{t("forgot")}</TextLink>
            }
            autoComplete="current-password"
            required
          />
          <SubmitButton>{t("title")}</SubmitButton>
          <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-sm">
            <span className="text-ink-soft">{t("withoutPassword")}</span>
            <span className="flex flex-wrap gap-2">
              <SubmitButton variant="secondary" size="sm" name="via" value="code">
                {t("mailCode")}
              </SubmitButton>
              <SubmitButton variant="secondary" size="sm" name="via" value="link">
                {t("mailLink")}
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
            submitLabel={t("usePasskey")}
            variant="secondary"
            withoutScript={t("passkeyNeedsScript")}
            aria-label={t("passkey")}
          >
            <input type="hidden" name="factor" value="passkey" />
            <input type="hidden" name="for" value="sign-in" />
            <input type="hidden" name="returnTo" value={returnTo} />
            <NamedOrganizationField org={org} />
          </PasskeyForm>
        </div>
        {providers.length > 0 && (
          <div className="flex flex-col gap-3 border-line border-t pt-5">
            {providers.map(({ id, name }) => (
              <ActionForm
                key={id}
                action={signInWithProviderAction}
                aria-label={shared("signInWith", { name })}
              >
                <input type="hidden" name="provider" value={id} />
                <input type="hidden" name="returnTo" value={returnTo} />
                <NamedOrganizationField org={org} />
                <SubmitButton variant="secondary">{shared("continueWith", { name })}</SubmitButton>
              </ActionForm>
            ))}
          </div>
        )}
      </div>
    </AuthShell>
  );
}
