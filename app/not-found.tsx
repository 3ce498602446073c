import { useTranslations } from "#translations";
import { titled } from "@/app/_locale/translations";
import { BarePage } from "@/components/layout/bare-page";
import { ButtonLink } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/empty-state";

export const generateMetadata = titled("errors.notFound");

export default function NotFound() {
  const t = useTranslations("errors.notFound");
  return (
    <BarePage>
      <ErrorState
        level={1}
        title={t("title")}
        description={t("text")}
        action={
          <ButtonLink href="/" variant="primary">
            {t("start")}
          </ButtonLink>
        }
      />
    </BarePage>
  );
}
