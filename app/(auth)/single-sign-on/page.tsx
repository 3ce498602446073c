import { redirect } from "next/navigation";
import { requireCaller } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { switchOrganizationAction } from "@/app/(account)/account/organizations/actions";
import { linkIdentityAction } from "@/app/(account)/account/security/connected/actions";
import { LinkOutcomeCallout } from "@/app/(account)/account/security/connected-accounts";
import { signInWithProviderAction, signOutAction } from "@/app/(auth)/actions";
import { BrandedShell } from "@/app/(auth)/branded-shell";
import { ActionForm } from "@/components/form/action-form";
import { FormAccount } from "@/components/form/form-account";
import { SubmitButton } from "@/components/form/submit-button";
import { SignOutForm } from "@/components/layout/sign-out-form";
import { listConnectionsInto } from "@/lib/federation/connections";
import { listOwnIdentities } from "@/lib/federation/list-identities";
import { listOwnOrganizations } from "@/lib/organizations/find-organizations";
import { safeReturnTo, singleSignOnPath } from "@/lib/shared/return-to";

export const generateMetadata = titled("auth.sso");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where somebody is held whose organization is opened only through its own connections (F86). */
export default async function SingleSignOnPage({ searchParams }: Search) {
  const returnTo = safeReturnTo((await searchParams)["returnTo"]);
  const caller = await requireCaller(singleSignOnPath(returnTo), { during: "single-sign-on" });
  const { principal } = caller;
  // Where an account has just been connected, its page is where they were going.
  const [, query = ""] = returnTo.split("?");
  if (!principal.singleSignOnMissing) redirect(returnTo);
  const [connections, identities, organizations] = await Promise.all([
    listConnectionsInto(principal.organizationId),
    listOwnIdentities(caller),
    listOwnOrganizations(caller),
  ]);
  const known = new Set(identities.map(({ provider }) => provider));
  const others = organizations.filter(({ id }) => id !== principal.organizationId);
  const t = await getTranslations("auth.sso");
  const shared = await getTranslations("auth");
  return (
    <FormAccount account={principal.userId}>
      <BrandedShell
        title={t("title")}
        description={t("text", {
          organization: principal.organizationName,
          email: principal.email,
        })}
        footer={<SignOutForm action={signOutAction} />}
      >
        <div className="flex flex-col gap-5">
          <LinkOutcomeCallout outcome={new URLSearchParams(query).get("connected")} />
          {connections.map(({ id, name }) =>
            known.has(id) ? (
              <ActionForm
                key={id}
                action={signInWithProviderAction}
                aria-label={shared("signInWith", { name })}
              >
                <input type="hidden" name="provider" value={id} />
                <input type="hidden" name="returnTo" value={returnTo} />
                <SubmitButton>{shared("continueWith", { name })}</SubmitButton>
              </ActionForm>
            ) : (
              <ActionForm key={id} action={linkIdentityAction} aria-label={t("connect", { name })}>
                <input type="hidden" name="provider" value={id} />
                <p className="text-ink-soft text-sm">{t("connectFirst")}</p>
                <SubmitButton>{t("connect", { name })}</SubmitButton>
              </ActionForm>
            ),
          )}
          {connections.length === 0 && <p className="text-ink-soft text-sm">{t("noWay")}</p>}
          {others.length > 0 && (
            <section aria-label={t("others")} className="border-line border-t pt-5">
              <ul className="flex flex-col gap-3">
                {others.map(({ id, name }) => (
                  <li key={id}>
                    <ActionForm
                      action={switchOrganizationAction}
                      aria-label={t("switchTo", { name })}
                    >
                      <input type="hidden" name="id" value={id} />
                      <SubmitButton variant="secondary">{t("switchTo", { name })}</SubmitButton>
                    </ActionForm>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </div>
      </BrandedShell>
    </FormAccount>
  );
}
