import { redirect } from "next/navigation";
import { requireCaller } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { ChangePasswordForm } from "@/app/(account)/account/security/change-password-form";
import { Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { expiredPasswordPath, safeReturnTo } from "@/lib/shared/return-to";

export const generateMetadata = titled("account-security.expired");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where somebody is held whose password is older than their organization allows (F15). */
export default async function ExpiredPasswordPage({ searchParams }: Search) {
  const returnTo = safeReturnTo((await searchParams)["returnTo"]);
  const caller = await requireCaller(expiredPasswordPath(returnTo), { during: "password" });
  if (!caller.principal.passwordExpired) redirect(returnTo);
  const t = await getTranslations("account-security.expired");
  const password = await getTranslations("account-security.password");
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <Section title={password("new")}>
        <ChangePasswordForm email={caller.principal.email} returnTo={returnTo} />
      </Section>
    </>
  );
}
