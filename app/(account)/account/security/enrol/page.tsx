import { redirect } from "next/navigation";
import { requireCaller } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { startTotpAction } from "@/app/(account)/account/security/actions";
import { AddPasskeyForm } from "@/app/(account)/account/security/passkeys/add-passkey-form";
import { phonePath } from "@/app/(account)/account/security/paths";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { TextLink } from "@/components/ui/text-link";
import { describeOwnPhone } from "@/lib/authn/own-phone";
import { SENSITIVE } from "@/lib/shared/assurance";
import { enrolPath, safeReturnTo } from "@/lib/shared/return-to";

export const generateMetadata = titled("account-security.enrol");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where somebody is led before anything else while a rule asks for what they do not have (F20). */
export default async function EnrolPage({ searchParams }: Search) {
  const returnTo = safeReturnTo((await searchParams)["returnTo"]);
  const caller = await requireCaller(enrolPath(returnTo), {
    assurance: SENSITIVE,
    during: "second-factor",
  });
  if (caller.principal.secondFactorEnrolled) redirect(returnTo);
  const t = await getTranslations("account-security.enrol");
  const app = await getTranslations("account-security.authenticator");
  const phone = await getTranslations("account-security.phone");
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <div className="space-y-6">
        <Callout title={t("asked")}>
          <p>{t("askedText")}</p>
        </Callout>
        <Section title={t("passkey")} description={t("passkeyText")}>
          <div className="max-w-md">
            <AddPasskeyForm caller={caller} returnTo={returnTo} variant="primary" />
          </div>
        </Section>
        <Section title={app("section")} description={t("appText")}>
          <ActionForm action={startTotpAction} aria-label={app("title")}>
            <input type="hidden" name="returnTo" value={returnTo} />
            <div>
              <SubmitButton variant="secondary">{app("title")}</SubmitButton>
            </div>
          </ActionForm>
        </Section>
        {(await describeOwnPhone(caller)).offered && (
          <Section title={phone("codes")} description={t("phoneText")}>
            <p className="text-sm">
              <TextLink href={phonePath(returnTo)}>{t("usePhone")}</TextLink>
            </p>
          </Section>
        )}
      </div>
    </>
  );
}
