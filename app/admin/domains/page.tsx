import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { addDomainAction } from "@/app/admin/domains/actions";
import { DOMAINS_PATH } from "@/app/admin/domains/address";
import { DomainSection } from "@/app/admin/domains/domain-section";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { Card, Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/authz/decide";
import { listDomains } from "@/lib/domains/manage-domains";
import { DOMAIN_PERMISSIONS } from "@/lib/domains/permissions";

export const generateMetadata = titled("admin-domains");

export default async function DomainsPage() {
  const caller = await requirePermission(DOMAINS_PATH, DOMAIN_PERMISSIONS.view);
  const domains = await answerDenials(() => listDomains(caller));
  const mayManage = await can(caller, DOMAIN_PERMISSIONS.manage);
  const t = await getTranslations("admin-domains");
  return (
    <div className="max-w-3xl">
      <PageHeader title={t("title")} description={t("description")} />
      <div className="space-y-6">
        {domains.length === 0 && (
          <Card>
            <EmptyState title={t("none")} description={t("noneText")} />
          </Card>
        )}
        {domains.map((domain) => (
          <DomainSection key={domain.id} domain={domain} editable={mayManage} />
        ))}
        {mayManage && (
          <Section title={t("add.title")}>
            <ActionForm action={addDomainAction} aria-label={t("add.title")}>
              <TextField
                name="domain"
                label={t("add.label")}
                hint={t("add.hint")}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
              />
              <div>
                <SubmitButton>{t("add.submit")}</SubmitButton>
              </div>
            </ActionForm>
          </Section>
        )}
      </div>
    </div>
  );
}
