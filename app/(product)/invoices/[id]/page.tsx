import { Trash2 } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { answerDenials, requireCaller } from "@/app/_http/page";
import { deleteInvoiceAction, updateInvoiceAction } from "@/app/(product)/invoices/actions";
import { invoicePath, LIST_PATH } from "@/app/(product)/invoices/address";
import { ActionForm } from "@/components/form/action-form";
import { LostUpdate } from "@/components/form/lost-update";
import { SubmitButton } from "@/components/form/submit-button";
import { SelectField } from "@/components/form/text-field";
import { InvoiceFields } from "@/components/invoices/invoice-fields";
import { STATUS_OPTIONS } from "@/components/invoices/invoice-status";
import { StatusBadge } from "@/components/invoices/status-badge";
import { VersionField } from "@/components/invoices/version-field";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Section } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { can } from "@/lib/authz/decide";
import { findInvoice } from "@/lib/invoices/find-invoice";
import type { OwnedInvoice } from "@/lib/invoices/invoice";
import { formatMoney, toDecimal } from "@/lib/invoices/money";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";

export const metadata: Metadata = { title: "Invoice" };

const FIELD_LABELS = {
  customer: "Customer",
  amount: "Amount",
  currency: "Currency",
  status: "Status",
};

export default async function InvoicePage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const caller = await requireCaller(invoicePath(id));
  const invoice = await answerDenials(() => findInvoice(caller, id));
  if (invoice === null) notFound();

  const { principal } = caller;
  const mayUpdate = await can(caller, INVOICE_PERMISSIONS.update, { ...invoice });
  const mayDelete = await can(caller, INVOICE_PERMISSIONS.delete, { ...invoice });
  const money = { term: "Amount", value: formatMoney(invoice.amount, invoice.currency) };
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={
          <Breadcrumb items={[{ label: "Invoices", href: LIST_PATH }, { label: invoice.number }]} />
        }
        title={invoice.number}
        aside={<StatusBadge status={invoice.status} />}
        description={`${money.value} · ${invoice.customer}`}
        actions={mayDelete && <DeleteForm invoice={invoice} />}
      />
      <div className="space-y-6">
        {mayUpdate && (
          <Section title="Edit">
            <EditForm invoice={invoice} />
          </Section>
        )}
        <Section title="Details">
          <DescriptionList
            items={[
              ...(mayUpdate ? [] : [{ term: "Customer", value: invoice.customer }, money]),
              { term: "Owner", value: invoice.ownerName },
              { term: "Created", value: <RelativeTime value={invoice.createdAt} /> },
              { term: "Last changed", value: <RelativeTime value={invoice.updatedAt} /> },
              { term: "Version", value: invoice.version },
            ]}
          />
        </Section>
      </div>
    </div>
  );
}

function EditForm({ invoice }: { invoice: OwnedInvoice }) {
  return (
    <ActionForm action={updateInvoiceAction} aria-label={`Edit ${invoice.number}`}>
      <LostUpdate labels={FIELD_LABELS} href={invoicePath(invoice.id)} />
      <input type="hidden" name="id" value={invoice.id} />
      <VersionField version={invoice.version} />
      <InvoiceFields
        customer={invoice.customer}
        amount={toDecimal(invoice.amount, invoice.currency)}
        currency={invoice.currency}
      />
      <SelectField
        name="status"
        label="Status"
        options={STATUS_OPTIONS}
        defaultValue={invoice.status}
        fieldClassName="sm:max-w-48"
        required
      />
      <div>
        <SubmitButton>Save</SubmitButton>
      </div>
    </ActionForm>
  );
}

/** Asks nothing first, because it can be taken back from the message that follows. */
function DeleteForm({ invoice }: { invoice: OwnedInvoice }) {
  return (
    <ActionForm action={deleteInvoiceAction} aria-label={`Delete ${invoice.number}`}>
      <input type="hidden" name="id" value={invoice.id} />
      <input type="hidden" name="version" value={invoice.version} />
      <SubmitButton variant="danger">
        <Trash2 aria-hidden="true" />
        Delete
      </SubmitButton>
    </ActionForm>
  );
}
