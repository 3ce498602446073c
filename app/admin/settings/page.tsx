import type { ReactNode } from "react";
import { checkInstallationRecently } from "@/app/_health/check-installation";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { ChecksSection } from "@/app/admin/settings/checks-section";
import { StoredSection } from "@/app/admin/settings/stored-section";
import { GROUPS, VARIABLES } from "@/app/admin/settings/variable-words";
import { VariablesTable } from "@/app/admin/settings/variables-table";
import { Section } from "@/components/ui/card";
import { Code } from "@/components/ui/code";
import { PageHeader } from "@/components/ui/page-header";
import { describeSettings } from "@/lib/settings/describe-settings";
import { SETTINGS_PERMISSIONS } from "@/lib/settings/permissions";

export const generateMetadata = titled("admin-settings");

export default async function SettingsPage() {
  const caller = await requirePermission("/admin/settings", SETTINGS_PERMISSIONS.view);
  const [settings, checks] = await Promise.all([
    answerDenials(() => describeSettings(caller)),
    checkInstallationRecently(),
  ]);
  const t = await getTranslations("admin-settings");
  const code = (words: ReactNode) => <Code>{words}</Code>;
  return (
    <>
      <PageHeader title={t("title")} description={t.rich("description", { code })} />
      <div className="space-y-6">
        <ChecksSection checks={checks} />
        {GROUPS.map((group) => (
          <Section key={group} title={t(`groups.${group}`)} flush>
            <VariablesTable
              caption={t(`groups.${group}`)}
              settings={settings.filter(({ name }) => VARIABLES[name].group === group)}
            />
          </Section>
        ))}
        <StoredSection caller={caller} />
      </div>
    </>
  );
}
