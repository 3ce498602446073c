import type { Metadata } from "next";
import { requirePermission } from "@/app/_http/page";
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

export const metadata: Metadata = { title: "New invoice" };

export default async function NewInvoicePage() {
  await requirePermission(`${LIST_PATH}/new`, INVOICE_PERMISSIONS.create);
  return (
    <>
      <PageHeader
        above={
          <Breadcrumb items={[{ label: "Invoices", href: LIST_PATH }, { label: "New invoice" }]} />
        }
        title="New invoice"
        description="It starts as a draft that you own."
      />
      <Card className="max-w-2xl p-5 sm:p-6">
        <ActionForm action={createInvoiceAction} aria-label="New invoice">
          <InvoiceFields />
          <div className="flex flex-wrap gap-2">
            <SubmitButton>Create invoice</SubmitButton>
            <ButtonLink href={LIST_PATH} variant="ghost">
              Cancel
            </ButtonLink>
          </div>
        </ActionForm>
      </Card>
    </>
  );
}
