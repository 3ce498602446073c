import { requireCaller } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { DeleteSection } from "@/app/(account)/account/data/delete-section";
import { DownloadForm } from "@/components/personal-data/download-form";
import { Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { DATA_PATH } from "@/lib/shared/return-to";

export const generateMetadata = titled("account.data");

/** What is stored about somebody, to take along and to end (F108, F109). */
export default async function DataPage() {
  const caller = await requireCaller(DATA_PATH, { during: "terms" });
  const t = await getTranslations("account.data");
  return (
    <div className="max-w-3xl">
      <PageHeader title={t("title")} description={t("description")} />
      <div className="space-y-6">
        <Section title={t("copy")} description={t("copyText")}>
          <div className="flex flex-col items-start gap-4 text-sm">
            <p className="text-ink-soft">{t("copyWithout")}</p>
            <DownloadForm />
          </div>
        </Section>
        <DeleteSection caller={caller} />
      </div>
    </div>
  );
}
