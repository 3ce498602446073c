import { redirect } from "next/navigation";
import { requireCaller } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { confirmTotpAction } from "@/app/(account)/account/security/actions";
import { authenticatorPath, SECURITY_PATH } from "@/app/(account)/account/security/paths";
import { QrPicture } from "@/app/(account)/account/security/qr-picture";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Section } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { PageHeader } from "@/components/ui/page-header";
import { TextLink } from "@/components/ui/text-link";
import { findOwnPendingTotp } from "@/lib/authn/own-factors";
import { SENSITIVE } from "@/lib/shared/assurance";
import { safeReturnTo } from "@/lib/shared/return-to";

export const generateMetadata = titled("account-security.authenticator");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function AuthenticatorPage({ searchParams }: Search) {
  const asked = (await searchParams)["returnTo"];
  const returnTo = asked === undefined ? undefined : safeReturnTo(asked);
  const caller = await requireCaller(authenticatorPath(returnTo), {
    assurance: SENSITIVE,
    during: "second-factor",
  });
  const pending = await findOwnPendingTotp(caller);
  if (pending === null) redirect(SECURITY_PATH);
  const page = await getTranslations("account-security");
  const t = await getTranslations("account-security.authenticator");
  return (
    <>
      <PageHeader
        above={
          <Breadcrumb
            items={[{ label: page("title"), href: SECURITY_PATH }, { label: t("section") }]}
          />
        }
        title={t("title")}
        description={t("description")}
      />
      <div className="space-y-6">
        <Section title={t("addSite")} description={t("addSiteText")}>
          <div className="flex flex-wrap items-center gap-6">
            <QrPicture modules={pending.picture} label={t("picture")} />
            <div className="min-w-0 space-y-3 text-sm">
              <p className="text-ink-soft">{t("key")}</p>
              <p className="flex items-center gap-2">
                <code className="font-mono text-ink [overflow-wrap:anywhere]">{pending.text}</code>
                <CopyButton value={pending.text.replaceAll(" ", "")} label={t("copyKey")} />
              </p>
              <p>
                <TextLink href={pending.uri}>{t("openApp")}</TextLink>
              </p>
            </div>
          </div>
        </Section>
        <Section title={t("giveCode")}>
          <ActionForm action={confirmTotpAction} className="max-w-md" aria-label={t("firstCode")}>
            {returnTo !== undefined && <input type="hidden" name="returnTo" value={returnTo} />}
            <TextField
              name="code"
              label={t("code")}
              hint={t("codeHint")}
              inputMode="numeric"
              autoComplete="one-time-code"
              required
            />
            <div>
              <SubmitButton>{t("use")}</SubmitButton>
            </div>
          </ActionForm>
        </Section>
      </div>
    </>
  );
}
