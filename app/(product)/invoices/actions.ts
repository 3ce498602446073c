"use server";

import { revalidatePath } from "next/cache";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { formOf, runAction } from "@/app/_http/action";
import { leaveFlash } from "@/app/_http/flash";
import { getTranslations } from "@/app/_locale/translations";
import { invoicePath, LIST_PATH } from "@/app/(product)/invoices/address";
import {
  DeleteInvoiceForm,
  InvoiceForm,
  NewInvoiceForm,
} from "@/app/(product)/invoices/forms.schema";
import { amountProblem, readAmount } from "@/app/(product)/invoices/typed-amount";
import { createInvoice } from "@/lib/invoices/create-invoice";
import { deleteInvoice, restoreInvoice } from "@/lib/invoices/delete-invoice";
import { toDecimal } from "@/lib/invoices/money";
import type { Shown } from "@/lib/invoices/shown-invoice";
import { updateInvoice } from "@/lib/invoices/update-invoice";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

/** What is stored, in the words of the form. */
const storedFields = (invoice: Shown): Record<string, string> => ({
  ...(invoice.customer === null ? {} : { customer: invoice.customer }),
  ...(invoice.amount === null ? {} : { amount: toDecimal(invoice.amount, invoice.currency) }),
  currency: invoice.currency,
  status: invoice.status,
  version: String(invoice.version),
});

export async function createInvoiceAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(
    form,
    NewInvoiceForm,
    async (caller, input) => {
      const typed = readAmount(input.amount, input.currency);
      if (typed.outcome !== "read") return fieldError("amount", await amountProblem(typed));
      const { id, number } = await createInvoice(caller, { ...input, amount: typed.amount });
      await leaveFlash({ event: "invoice.created", id, label: number });
      redirect(invoicePath(id));
    },
    { impersonated: true },
  );
}

export async function updateInvoiceAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(
    form,
    InvoiceForm,
    async (caller, { id, version, amount, ...input }) => {
      const typed = amount === undefined ? null : readAmount(amount, input.currency);
      if (typed !== null && typed.outcome !== "read") {
        return fieldError("amount", await amountProblem(typed));
      }
      const change = { ...input, ...(typed !== null && { amount: typed.amount }) };
      const t = await getTranslations("product.invoices");
      const result = await updateInvoice(caller, id, change, [version]);
      if (result.outcome === "rejected" && result.reason === "not-found")
        return formError(t("gone"));
      revalidatePath(LIST_PATH, "layout");
      return result.outcome === "changed"
        ? { status: "success", message: t("isSaved", { number: result.invoice.number }) }
        : { status: "error", message: t("stale"), stored: storedFields(result.current) };
    },
    { impersonated: true },
  );
}

export async function deleteInvoiceAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(
    form,
    DeleteInvoiceForm,
    async (caller, { id, version }) => {
      const result = await deleteInvoice(caller, id, [version]);
      if (result.outcome === "rejected") {
        const t = await getTranslations("product.invoices");
        if (result.reason === "not-found") return formError(t("gone"));
        revalidatePath(LIST_PATH, "layout");
        return formError(t("staleDelete"));
      }
      await leaveFlash({ event: "invoice.deleted", id, label: result.invoice.number });
      redirect(LIST_PATH);
    },
    { impersonated: true },
  );
}

/** The way back that deleting offers, to the account that it was offered to. */
export async function restoreInvoiceAction(id: string, account: string): Promise<FormState> {
  return runAction(
    formOf(account),
    z.object({}),
    async (caller) => {
      const result = await restoreInvoice(caller, id);
      const t = await getTranslations("product.invoices");
      if (result.outcome === "rejected") return formError(t("nothingToRestore"));
      revalidatePath("/", "layout");
      // Next sends this header when its script calls; a browser without script
      // gets a page instead of this answer, so the page has to say it.
      const scripted = (await headers()).has("next-action");
      const { number } = result.invoice;
      if (!scripted) await leaveFlash({ event: "invoice.restored", id, label: number });
      return { status: "success", message: t("isBack", { number }) };
    },
    { impersonated: true },
  );
}
