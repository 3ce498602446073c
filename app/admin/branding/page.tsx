import { answerDenials, requirePermission } from "@/app/_http/page";
import { ClientWords } from "@/app/_locale/client-words";
import { getTranslations, titled } from "@/app/_locale/translations";
import { resetBrandingAction, saveBrandingAction } from "@/app/admin/branding/actions";
import { LogoSection } from "@/app/admin/branding/logo-section";
import { BrandFields } from "@/components/admin/brand-fields";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { Section } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code";
import { PageHeader } from "@/components/ui/page-header";
import { readBranding } from "@/lib/branding/manage-branding";
import { BRANDING_PERMISSIONS } from "@/lib/branding/permissions";
import { getConfig } from "@/lib/platform/config";
import { SCHEMES } from "@/lib/shared/accent";
import { logoHref } from "@/lib/shared/look";
import { HOME_PATH, onTheWayTo } from "@/lib/shared/return-to";

export const generateMetadata = titled("branding");

/** How the organization is shown where people sign in, and in its mails (F134). */
export default async function BrandingPage() {
  const caller = await requirePermission("/admin/branding", BRANDING_PERMISSIONS.manage);
  const branding = await answerDenials(() => readBranding(caller));
  const { name, accent, version, own, logos } = branding;
  const { organizationId } = caller.principal;
  const t = await getTranslations("branding");
  const addressOf = (digest: string | undefined) =>
    digest === undefined ? null : logoHref(organizationId, digest);
  const [light, dark] = [addressOf(logos.light), addressOf(logos.dark)];
  const isSet = name !== null || accent !== null || light !== null || dark !== null;
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <div className="flex max-w-3xl flex-col gap-6">
        <Section title={t("look.title")} description={t("look.description")}>
          <ActionForm action={saveBrandingAction} aria-label={t("look.form")}>
            <input type="hidden" name="version" value={version} />
            <ClientWords areas={["brandPreview"]}>
              {/* Drawn anew with what is stored, after it was saved or taken back. */}
              <BrandFields
                key={version}
                name={name}
                accent={accent}
                ownName={own.name}
                logos={{ light: light ?? dark, dark: dark ?? light }}
              />
            </ClientWords>
            <div>
              <SubmitButton>{t("look.save")}</SubmitButton>
            </div>
          </ActionForm>
        </Section>
        {SCHEMES.map((scheme) => (
          <LogoSection key={scheme} scheme={scheme} href={addressOf(logos[scheme])} />
        ))}
        <Section title={t("address.title")} description={t("address.description")}>
          <CodeBlock
            label={t("address.title")}
            code={new URL(onTheWayTo("/sign-in", HOME_PATH, own.slug), getConfig().appUrl).href}
          />
        </Section>
        {isSet && (
          <Section title={t("reset.title")} description={t("reset.description")} tone="danger">
            <ActionForm action={resetBrandingAction} aria-label={t("reset.title")}>
              <div>
                <SubmitButton variant="danger">{t("reset.button")}</SubmitButton>
              </div>
            </ActionForm>
          </Section>
        )}
      </div>
    </>
  );
}
