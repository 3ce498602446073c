import { requirePermission } from "@/app/_http/page";
import { ClientWords } from "@/app/_locale/client-words";
import { getTranslations, titled } from "@/app/_locale/translations";
import { createWebhookAction } from "@/app/admin/webhooks/actions";
import { NEW_WEBHOOK_PATH, WEBHOOKS_PATH } from "@/app/admin/webhooks/address";
import { NewWebhookAnswer, WebhookFields } from "@/components/admin/webhook-fields";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { SelectField } from "@/components/form/text-field";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { holdsOnInstance } from "@/lib/authz/holds-on-instance";
import { WEBHOOK_PERMISSIONS } from "@/lib/webhooks/permissions";

export const generateMetadata = titled("admin-webhooks.new");

export default async function NewWebhookPage() {
  const { principal } = await requirePermission(NEW_WEBHOOK_PATH, WEBHOOK_PERMISSIONS.manage);
  const everywhere = await holdsOnInstance(principal, WEBHOOK_PERMISSIONS.manage);
  const t = await getTranslations("admin-webhooks");
  const here = { value: "organization", label: t("new.here") };
  const everywhereOption = { value: "instance", label: t("new.everywhere") };
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={
          <Breadcrumb
            items={[{ label: t("list.title"), href: WEBHOOKS_PATH }, { label: t("new.title") }]}
          />
        }
        title={t("new.title")}
        description={t("new.description")}
      />
      <Card className="p-5 sm:p-6">
        <ActionForm action={createWebhookAction} aria-label={t("new.title")}>
          <ClientWords areas={["admin-webhook-fields"]}>
            <NewWebhookAnswer listPath={WEBHOOKS_PATH}>
              <WebhookFields />
              <SelectField
                name="scope"
                label={t("new.where")}
                options={everywhere ? [here, everywhereOption] : [here]}
                fieldClassName="sm:max-w-md"
              />
              <div>
                <SubmitButton>{t("new.add")}</SubmitButton>
              </div>
            </NewWebhookAnswer>
          </ClientWords>
        </ActionForm>
      </Card>
    </div>
  );
}
