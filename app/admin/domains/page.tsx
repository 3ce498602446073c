import type { Metadata } from "next";
import { answerDenials, requirePermission } from "@/app/_http/page";
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

export const metadata: Metadata = { title: "Domains" };

export default async function DomainsPage() {
  const caller = await requirePermission(DOMAINS_PATH, DOMAIN_PERMISSIONS.view);
  const domains = await answerDenials(() => listDomains(caller));
  const mayManage = await can(caller, DOMAIN_PERMISSIONS.manage);
  return (
    <div className="max-w-3xl">
      <PageHeader
        title="Domains"
        description="A domain is the organization’s once a record in its DNS has shown that. A verified one can take people in, and answers for its addresses where an identity provider says nothing of them."
      />
      <div className="space-y-6">
        {domains.length === 0 && (
          <Card>
            <EmptyState
              title="No domains yet"
              description="Add one, put a record into its DNS, then verify it."
            />
          </Card>
        )}
        {domains.map((domain) => (
          <DomainSection key={domain.id} domain={domain} editable={mayManage} />
        ))}
        {mayManage && (
          <Section title="Add a domain">
            <ActionForm action={addDomainAction} aria-label="Add a domain">
              <TextField
                name="domain"
                label="Domain"
                hint="For example example.com. Names below it are domains of their own."
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
              />
              <div>
                <SubmitButton>Add domain</SubmitButton>
              </div>
            </ActionForm>
          </Section>
        )}
      </div>
    </div>
  );
}
