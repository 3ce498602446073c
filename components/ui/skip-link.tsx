import { useTranslations } from "#translations";

/** The first stop of the tab key: past the navigation, to what the page is about. */
export function SkipLink({ target = "main" }: { target?: string }) {
  const t = useTranslations("common");
  return (
    <a
      href={`#${target}`}
      className="fixed top-3 start-3 z-80 -translate-y-16 rounded-md opacity-0 bg-ink px-4 py-2 font-medium text-paper text-sm focus-visible:translate-y-0 focus-visible:opacity-100"
    >
      {t("skip")}
    </a>
  );
}
