import { Trash2 } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { answerDenials, requireCaller } from "@/app/_http/page";
import { deleteInvoiceAction, updateInvoiceAction } from "@/app/(product)/invoices/actions";
import { invoicePath, LIST_PATH } from "@/app/(product)/invoices/address";
import { presentRow } from "@/app/(product)/invoices/present-row";
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
import { can, listHiddenFields } from "@/lib/authz/decide";
import { findInvoice } from "@/lib/invoices/find-invoice";
import type { OwnedInvoice } from "@/lib/invoices/invoice";
import { toDecimal } from "@/lib/invoices/money";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import type { Shown } from "@/lib/invoices/shown-invoice";

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

  const mayUpdate = await can(caller, INVOICE_PERMISSIONS.update, { ...invoice });
  const mayDelete = await can(caller, INVOICE_PERMISSIONS.delete, { ...invoice });
  const { customer, money } = presentRow(invoice);
  const unwritable = await listHiddenFields(caller, INVOICE_PERMISSIONS.update, { ...invoice });
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={
          <Breadcrumb items={[{ label: "Invoices", href: LIST_PATH }, { label: invoice.number }]} />
        }
        title={invoice.number}
        aside={<StatusBadge status={invoice.status} />}
        description={`${money} · ${customer}`}
        actions={mayDelete && <DeleteForm invoice={invoice} />}
      />
      <div className="space-y-6">
        {mayUpdate && (
          <Section title="Edit">
            <EditForm invoice={invoice} unwritable={unwritable} />
          </Section>
        )}
        <Section title="Details">
          <DescriptionList
            items={[
              ...(mayUpdate
                ? []
                : [
                    { term: "Customer", value: customer },
                    { term: "Amount", value: money },
                  ]),
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

function EditForm({ invoice, unwritable }: { invoice: Shown<OwnedInvoice>; unwritable: string[] }) {
  const { customer, amount, currency } = invoice;
  const offered = (field: string, value: unknown) => value !== null && !unwritable.includes(field);
  return (
    <ActionForm action={updateInvoiceAction} aria-label={`Edit ${invoice.number}`}>
      <LostUpdate labels={FIELD_LABELS} href={invoicePath(invoice.id)} />
      <input type="hidden" name="id" value={invoice.id} />
      <VersionField version={invoice.version} />
      <InvoiceFields
        customer={offered("customer", customer) ? (customer ?? "") : null}
        amount={offered("amount", amount) ? toDecimal(amount ?? 0, currency) : null}
        currency={currency}
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
function DeleteForm({ invoice }: { invoice: Shown<OwnedInvoice> }) {
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
