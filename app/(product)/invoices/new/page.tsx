import type { Metadata } from "next";
import { requirePermission } from "@/app/_http/page";
import { getTranslations } from "@/app/_locale/translations";
import { createInvoiceAction } from "@/app/(product)/invoices/actions";
import { LIST_PATH } from "@/app/(product)/invoices/address";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { InvoiceFields } from "@/components/invoices/invoice-fields";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("product.invoices"))("new") };
}

export default async function NewInvoicePage() {
  await requirePermission(`${LIST_PATH}/new`, INVOICE_PERMISSIONS.create, { impersonated: true });
  const t = await getTranslations("product.invoices");
  return (
    <>
      <PageHeader
        above={<Breadcrumb items={[{ label: t("title"), href: LIST_PATH }, { label: t("new") }]} />}
        title={t("new")}
        description={t("newText")}
      />
      <Card className="max-w-2xl p-5 sm:p-6">
        <ActionForm action={createInvoiceAction} aria-label={t("new")}>
          <InvoiceFields />
          <div className="flex flex-wrap gap-2">
            <SubmitButton>{t("create")}</SubmitButton>
            <ButtonLink href={LIST_PATH} variant="ghost">
              {t("cancel")}
            </ButtonLink>
          </div>
        </ActionForm>
      </Card>
    </>
  );
}
