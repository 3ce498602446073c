import { notFound, redirect } from "next/navigation";
import { findCaller } from "@/app/_http/caller";
import { requireCaller } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { BrandedShell } from "@/app/(auth)/branded-shell";
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
import { ButtonLink } from "@/components/ui/button";
import { NAMED } from "@/components/ui/name";
import { findInteractionStep } from "@/lib/oidc/interactions";
import { accountsPath, signInPath, stepUpPath } from "@/lib/shared/return-to";

interface Search {
  params: Promise<{ uid: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export const generateMetadata = titled("auth.interaction");

/**
 * Where an app's request for a sign-in leads: what is missing is asked for, one thing at a time (F67).
 *
 * @needs anonymous The request it is about says who has to be there.
 */
export default async function InteractionPage({ params, searchParams }: Search) {
  const { uid } = await params;
  const chosen = (await searchParams)["account"] === "chosen";
  const path = chosen ? chosenPath(uid) : `/interaction/${encodeURIComponent(uid)}`;
  // Whoever a rule holds is led through it first.
  const caller = (await findCaller()) && (await requireCaller(path));
  const next = await findInteractionStep(uid, caller, { chosen });
  const t = await getTranslations("auth.interaction");
  const shared = await getTranslations("auth");
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
        <BrandedShell title={t("startAgain")} description={t("startAgainText")}>
          <ButtonLink href="/dashboard" variant="secondary">
            {shared("links.goToAccount")}
          </ButtonLink>
        </BrandedShell>
      );
    case "go-on":
      return (
        <BrandedShell
          title={shared("onward.title")}
          description={shared("endSession.ledBack", { name: next.clientName })}
        >
          <AsNavigation href={next.href} />
          <a className="font-medium text-accent underline" href={next.href}>
            {shared("links.continue")}
          </a>
        </BrandedShell>
      );
    case "consent":
      return (
        <BrandedShell
          title={t("allow", { name: next.clientName })}
          description={
            next.claimedName === null
              ? t.rich("asks", {
                  ...NAMED,
                  email: caller?.principal.email ?? "",
                  name: next.clientName,
                })
              : t.rich("asksAs", {
                  ...NAMED,
                  email: caller?.principal.email ?? "",
                  name: next.clientName,
                  claimed: next.claimedName,
                })
          }
        >
          <FormAccount account={caller?.principal.userId ?? ""}>
            <ConsentForm uid={uid} scopes={next.scopes} action={answerConsentAction} />
            <p className="mt-4 text-ink-soft text-xs">
              {t.rich(next.destination.where === "site" ? "ledToSite" : "ledToProgram", {
                ...NAMED,
                name: next.destination.name,
              })}
            </p>
            <ActionForm action={chooseAnotherAccountAction} aria-label={shared("links.useAnother")}>
              <input type="hidden" name="uid" value={uid} />
              <SubmitButton variant="ghost" size="sm" className="mt-2">
                {shared("links.useAnother")}
              </SubmitButton>
            </ActionForm>
          </FormAccount>
        </BrandedShell>
      );
  }
}
