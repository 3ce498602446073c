import { redirect } from "next/navigation";
import { requireCaller } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { phonePath, SECURITY_PATH } from "@/app/(account)/account/security/paths";
import {
  confirmPhoneAction,
  startPhoneAction,
} from "@/app/(account)/account/security/phone/actions";
import { ReadMailHint } from "@/app/(auth)/read-mail-hint";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { describeOwnPhone } from "@/lib/authn/own-phone";
import { SENSITIVE } from "@/lib/shared/assurance";
import { safeReturnTo } from "@/lib/shared/return-to";

export const generateMetadata = titled("account-security.phone");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function PhonePage({ searchParams }: Search) {
  const asked = (await searchParams)["returnTo"];
  const returnTo = asked === undefined ? undefined : safeReturnTo(asked);
  const caller = await requireCaller(phonePath(returnTo), {
    assurance: SENSITIVE,
    during: "second-factor",
  });
  const { pending, offered } = await describeOwnPhone(caller);
  if (!offered) redirect(SECURITY_PATH);
  const page = await getTranslations("account-security");
  const t = await getTranslations("account-security.phone");
  const target = returnTo !== undefined && <input type="hidden" name="returnTo" value={returnTo} />;
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
        <Section title={t("yourNumber")} description={t("yourNumberText")}>
          <ActionForm action={startPhoneAction} className="max-w-md" aria-label={t("number")}>
            {target}
            <TextField
              name="number"
              label={t("number")}
              hint={t("numberHint")}
              type="tel"
              autoComplete="tel"
              defaultValue={pending ?? ""}
              required
            />
            <div>
              <SubmitButton variant={pending === null ? "primary" : "secondary"}>
                {t(pending === null ? "send" : "sendAnother")}
              </SubmitButton>
            </div>
          </ActionForm>
        </Section>
        {pending !== null && (
          <Section title={t("giveCode")} description={t("giveCodeText", { number: pending })}>
            <ActionForm
              action={confirmPhoneAction}
              className="max-w-md"
              aria-label={t("firstCode")}
            >
              {target}
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
              <ReadMailHint channel="sms" />
            </ActionForm>
          </Section>
        )}
      </div>
    </>
  );
}
