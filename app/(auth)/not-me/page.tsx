import { getTranslations, titled } from "@/app/_locale/translations";
import { SpentLink } from "@/app/(auth)/_components/spent-link";
import { disownSignInAction } from "@/app/(auth)/actions";
import { BrandedShell } from "@/app/(auth)/branded-shell";
import { ReadMailHint } from "@/app/(auth)/read-mail-hint";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { NAMED } from "@/components/ui/name";
import { TextLink } from "@/components/ui/text-link";
import { inspectAlert } from "@/lib/authn/sign-in-alert";

export const generateMetadata = titled("auth.notMe");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where the mail of a sign-in from a new device leads whoever did not make it (F35). */
export default async function NotMePage({ searchParams }: Search) {
  const { token, done } = await searchParams;
  const t = await getTranslations("auth.notMe");
  const links = await getTranslations("auth.links");
  if (done !== undefined) {
    return (
      <BrandedShell
        title={t("done")}
        description={t("doneText")}
        footer={<TextLink href="/sign-in">{links("backToSignIn")}</TextLink>}
      >
        <ReadMailHint />
      </BrandedShell>
    );
  }
  const alert = await inspectAlert(token);
  if (alert.state !== "pending") {
    const again = { href: "/reset-password", label: links("chooseNewPassword") };
    return <SpentLink state={alert.state} again={again} />;
  }
  return (
    <BrandedShell title={t("title")} description={t.rich("text", { ...NAMED, email: alert.email })}>
      <ActionForm action={disownSignInAction} aria-label={t("title")}>
        <input type="hidden" name="token" value={String(token)} />
        <SubmitButton>{t("end")}</SubmitButton>
      </ActionForm>
    </BrandedShell>
  );
}
