import { useTranslations } from "#translations";
import { AuthShell } from "@/components/layout/auth-shell";
import { ButtonLink } from "@/components/ui/button";

/** A request of an app that is not there: answered, grown too old, or never made. */
export default function RequestGone() {
  const t = useTranslations("auth");
  return (
    <AuthShell title={t("interaction.over")} description={t("interaction.overText")}>
      <ButtonLink href="/dashboard" variant="secondary">
        {t("links.goToAccount")}
      </ButtonLink>
    </AuthShell>
  );
}
