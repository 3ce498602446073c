import { requirePermission } from "@/app/_http/page";
import { ClientWords } from "@/app/_locale/client-words";
import { getTranslations, titled } from "@/app/_locale/translations";
import { conditionCatalogue } from "@/app/admin/condition-catalogue";
import { createPolicyAction, tryPolicyAction } from "@/app/admin/policies/actions";
import { LIST_PATH } from "@/app/admin/policies/address";
import { policyChoices } from "@/app/admin/policies/permission-choices";
import { PolicyContentFields } from "@/components/admin/policies/permission-fields";
import { TestBench } from "@/components/admin/policies/test-bench";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { SelectField, TextField } from "@/components/form/text-field";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { ButtonLink } from "@/components/ui/button";
import { Card, Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/authz/decide";
import { POLICY_PERMISSIONS } from "@/lib/policies/permissions";

export const generateMetadata = titled("admin-policies.create");

const EDITOR = "policy-editor";
const EMPTY = { effect: "deny", permissions: [], fields: [], condition: null } as const;

export default async function NewPolicyPage() {
  const caller = await requirePermission(`${LIST_PATH}/new`, POLICY_PERMISSIONS.manage);
  const catalogue = await conditionCatalogue(caller);
  const permissions = await policyChoices();
  const [first] = permissions;
  const t = await getTranslations("admin-policies");
  return (
    <div className="max-w-4xl">
      <PageHeader
        above={
          <Breadcrumb
            items={[{ label: t("title"), href: LIST_PATH }, { label: t("create.title") }]}
          />
        }
        title={t("create.title")}
        description={t("create.description")}
      />
      <ClientWords areas={["admin-policy-editor", "conditions"]}>
        <div className="space-y-6">
          <Card className="p-5 sm:p-6">
            <ActionForm action={createPolicyAction} aria-label={t("create.title")} id={EDITOR}>
              <TextField
                name="name"
                label={t("name")}
                maxLength={60}
                autoComplete="off"
                fieldClassName="sm:max-w-md"
                required
              />
              <TextField
                name="description"
                label={t("about")}
                maxLength={200}
                autoComplete="off"
                optional
              />
              <SelectField
                name="place"
                label={t("create.place")}
                hint={t("create.placeHint")}
                options={[
                  { value: "organization", label: t("create.organization") },
                  { value: "instance", label: t("create.instance") },
                ]}
                defaultValue="organization"
                fieldClassName="sm:max-w-md"
              />
              <PolicyContentFields draft={EMPTY} permissions={permissions} catalogue={catalogue} />
              <div className="flex flex-wrap gap-2">
                <SubmitButton>{t("create.submit")}</SubmitButton>
                <ButtonLink href={LIST_PATH} variant="ghost">
                  {t("create.cancel")}
                </ButtonLink>
              </div>
            </ActionForm>
          </Card>
          {(await can(caller, POLICY_PERMISSIONS.view)) && (
            <Section title={t("bench.title")} description={t("bench.description")}>
              <TestBench
                action={tryPolicyAction}
                editorId={EDITOR}
                policyId={null}
                versions={[]}
                permissions={permissions}
                catalogue={catalogue}
                initial={{ email: caller.principal.email, asked: first?.key ?? "" }}
              />
            </Section>
          )}
        </div>
      </ClientWords>
    </div>
  );
}
