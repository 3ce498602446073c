import { useTranslations } from "#translations";
import { Button } from "@/components/ui/button";

/** Takes a copy of one's data. A form and no link: to prefetch a link would be to take a copy. */
export function DownloadForm({ className }: { className?: string }) {
  const t = useTranslations("account.data");
  return (
    <form method="get" action="/api/v1/account/data">
      <Button type="submit" variant="secondary" className={className}>
        {t("download")}
      </Button>
    </form>
  );
}
