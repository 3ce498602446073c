import { useTranslations } from "#translations";
import { BrandedShell } from "@/app/(auth)/branded-shell";
import { ButtonLink } from "@/components/ui/button";

/** What a link that opens nothing any more leads to. */
export function SpentLink({
  state,
  again,
}: {
  state: "used" | "replaced" | "expired" | "unknown";
  again: { href: string; label: string };
}) {
  const t = useTranslations("auth");
  return (
    <BrandedShell title={t(`spent.${state}.title`)} description={t(`spent.${state}.text`)}>
      <div className="flex flex-wrap gap-3">
        <ButtonLink href="/sign-in" variant="primary">
          {t("links.goToSignIn")}
        </ButtonLink>
        <ButtonLink href={again.href}>{again.label}</ButtonLink>
      </div>
    </BrandedShell>
  );
}
