import { Trash2 } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { useTranslations } from "#translations";
import { answerDenials, requireCaller } from "@/app/_http/page";
import { getTranslations } from "@/app/_locale/translations";
import { deleteInvoiceAction, updateInvoiceAction } from "@/app/(product)/invoices/actions";
import { invoicePath, LIST_PATH } from "@/app/(product)/invoices/address";
import { presentRow } from "@/app/(product)/invoices/present-row";
import { ActionForm } from "@/components/form/action-form";
import { LostUpdate } from "@/components/form/lost-update";
import { SubmitButton } from "@/components/form/submit-button";
import { SelectField } from "@/components/form/text-field";
import { InvoiceFields } from "@/components/invoices/invoice-fields";
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
import { INVOICE_STATUSES } from "@/lib/invoices/invoice.schema";
import { toDecimal } from "@/lib/invoices/money";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import type { Shown } from "@/lib/invoices/shown-invoice";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("product.invoices"))("invoice") };
}

export default async function InvoicePage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const caller = await requireCaller(invoicePath(id), { impersonated: true });
  const invoice = await answerDenials(() => findInvoice(caller, id));
  if (invoice === null) notFound();

  const t = await getTranslations("product.invoices");
  const mayUpdate = await can(caller, INVOICE_PERMISSIONS.update, { ...invoice });
  const mayDelete = await can(caller, INVOICE_PERMISSIONS.delete, { ...invoice });
  const { customer, money } = await presentRow(invoice);
  const unwritable = await listHiddenFields(caller, INVOICE_PERMISSIONS.update, { ...invoice });
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={
          <Breadcrumb items={[{ label: t("title"), href: LIST_PATH }, { label: invoice.number }]} />
        }
        title={invoice.number}
        aside={<StatusBadge status={invoice.status} />}
        description={`${money} · ${customer}`}
        actions={mayDelete && <DeleteForm invoice={invoice} />}
      />
      <div className="space-y-6">
        {mayUpdate && (
          <Section title={t("edit")}>
            <EditForm invoice={invoice} unwritable={unwritable} />
          </Section>
        )}
        <Section title={t("details")}>
          <DescriptionList
            items={[
              ...(mayUpdate
                ? []
                : [
                    { term: t("customer"), value: customer },
                    { term: t("amount"), value: money },
                  ]),
              { term: t("owner"), value: invoice.ownerName },
              { term: t("created"), value: <RelativeTime value={invoice.createdAt} /> },
              { term: t("changed"), value: <RelativeTime value={invoice.updatedAt} /> },
              { term: t("version"), value: invoice.version },
            ]}
          />
        </Section>
      </div>
    </div>
  );
}

function EditForm({ invoice, unwritable }: { invoice: Shown<OwnedInvoice>; unwritable: string[] }) {
  const t = useTranslations("product.invoices");
  const { customer, amount, currency } = invoice;
  const labels = {
    customer: t("customer"),
    amount: t("amount"),
    currency: t("currency"),
    status: t("status"),
  };
  const offered = (field: string, value: unknown) => value !== null && !unwritable.includes(field);
  return (
    <ActionForm action={updateInvoiceAction} aria-label={t("editThis", { number: invoice.number })}>
      <LostUpdate labels={labels} href={invoicePath(invoice.id)} />
      <input type="hidden" name="id" value={invoice.id} />
      <VersionField version={invoice.version} />
      <InvoiceFields
        customer={offered("customer", customer) ? (customer ?? "") : null}
        amount={offered("amount", amount) ? toDecimal(amount ?? 0, currency) : null}
        currency={currency}
      />
      <SelectField
        name="status"
        label={labels.status}
        options={INVOICE_STATUSES.map((value) => ({ value, label: t(`statuses.${value}`) }))}
        defaultValue={invoice.status}
        fieldClassName="sm:max-w-48"
        required
      />
      <div>
        <SubmitButton>{t("save")}</SubmitButton>
      </div>
    </ActionForm>
  );
}

/** Asks nothing first, because it can be taken back from the message that follows. */
function DeleteForm({ invoice }: { invoice: Shown<OwnedInvoice> }) {
  const t = useTranslations("product.invoices");
  return (
    <ActionForm
      action={deleteInvoiceAction}
      aria-label={t("deleteThis", { number: invoice.number })}
    >
      <input type="hidden" name="id" value={invoice.id} />
      <input type="hidden" name="version" value={invoice.version} />
      <SubmitButton variant="danger">
        <Trash2 aria-hidden="true" />
        {t("delete")}
      </SubmitButton>
    </ActionForm>
  );
}
