import { useTranslations } from "#translations";
import { Callout } from "@/components/ui/callout";

/** Says what the browser works on, and how far it is, before an attempt counts (F119). */
export function WorkNotice({ done }: { done: number }) {
  const t = useTranslations("common.work");
  return (
    <Callout role="status" title={t("title")}>
      <p>{t("text")}</p>
      <progress
        value={done}
        max={1}
        aria-label={t("progress")}
        className="mt-3 block h-1.5 w-full accent-accent"
      />
    </Callout>
  );
}
