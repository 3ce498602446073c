import { notFound, redirect } from "next/navigation";
import { findCaller } from "@/app/_http/caller";
import { getTranslations, titled } from "@/app/_locale/translations";
import { BrandedShell } from "@/app/(auth)/branded-shell";
import { confirmEndSessionAction } from "@/app/(auth)/end-session/[uid]/actions";
import { ActionForm } from "@/components/form/action-form";
import { FormAccount } from "@/components/form/form-account";
import { SubmitButton } from "@/components/form/submit-button";
import { AsNavigation } from "@/components/layout/as-navigation";
import { ButtonLink } from "@/components/ui/button";
import { NAMED } from "@/components/ui/name";
import { findEndSessionRequest } from "@/lib/oidc/end-session";
import { HOME_PATH } from "@/lib/shared/return-to";

export const generateMetadata = titled("auth.endSession");

/** Where an app's request to sign out leads when the app cannot prove whom it is for (F62). */
export default async function EndSessionPage({ params }: { params: Promise<{ uid: string }> }) {
  const { uid } = await params;
  const request = await findEndSessionRequest(uid);
  if (request === null) notFound();
  const { backTo, clientName } = request;
  const t = await getTranslations("auth.endSession");
  const shared = await getTranslations("auth");
  const caller = await findCaller();
  if (caller === null) {
    if (backTo === null) redirect("/signed-out");
    return (
      <BrandedShell
        title={shared("signedOut.you")}
        description={clientName === null ? t("ledBackToApp") : t("ledBack", { name: clientName })}
      >
        <AsNavigation href={backTo} />
        <a className="font-medium text-accent underline" href={backTo}>
          {shared("links.continue")}
        </a>
      </BrandedShell>
    );
  }
  const { email, userId, session } = caller.principal;
  if (session.id !== request.sessionId) {
    return (
      <BrandedShell title={t("switched")} description={t("switchedText")}>
        <ButtonLink href={HOME_PATH}>{shared("links.goToAccount")}</ButtonLink>
      </BrandedShell>
    );
  }
  return (
    <BrandedShell
      title={t("ask")}
      description={
        clientName === null
          ? t.rich("askedByLink", { ...NAMED, email })
          : t.rich("askedBy", { ...NAMED, email, name: clientName })
      }
    >
      <FormAccount account={userId}>
        <ActionForm action={confirmEndSessionAction} aria-label={t("title")}>
          <input type="hidden" name="uid" value={uid} />
          <div className="grid grid-cols-2 gap-3">
            <ButtonLink href={HOME_PATH}>{t("stay")}</ButtonLink>
            <SubmitButton>{t("title")}</SubmitButton>
          </div>
        </ActionForm>
      </FormAccount>
    </BrandedShell>
  );
}
