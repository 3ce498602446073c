import { useTranslations } from "#translations";
import { ChangePasswordForm } from "@/app/(account)/account/security/change-password-form";
import { Section } from "@/components/ui/card";
import { TextLink } from "@/components/ui/text-link";

/** The password of the page's user: a change of it, or the way to a first one. */
export function PasswordSection({ enrolled, email }: { enrolled: boolean; email: string }) {
  const t = useTranslations("account-security.password");
  return (
    <Section title={t("title")} description={t(enrolled ? "change" : "none")}>
      {enrolled ? (
        <ChangePasswordForm email={email} />
      ) : (
        <p className="text-sm">
          <TextLink href="/reset-password">{t("ask")}</TextLink>
        </p>
      )}
    </Section>
  );
}
