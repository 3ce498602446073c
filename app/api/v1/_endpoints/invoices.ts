import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { entityTag, versionsOf } from "@/app/api/entity-tag";
import { notFound, ProblemError } from "@/app/api/problems";
import type { InvoiceChangeResult } from "@/lib/invoices/change-reachable-invoice";
import { createInvoice } from "@/lib/invoices/create-invoice";
import { deleteInvoice, restoreInvoice } from "@/lib/invoices/delete-invoice";
import { findInvoice } from "@/lib/invoices/find-invoice";
import {
  Amount,
  InvoiceChange,
  InvoiceListing,
  InvoiceStatus,
  NewInvoice,
} from "@/lib/invoices/invoice.schema";
import { listInvoices } from "@/lib/invoices/list-invoices";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import type { Shown } from "@/lib/invoices/shown-invoice";
import { updateInvoice } from "@/lib/invoices/update-invoice";
import { emptyReply, jsonReply, type Reply } from "@/lib/platform/http/reply";

const PATH = "/api/v1/invoices";

const Resource = z.object({
  id: z.uuid(),
  number: z.string(),
  customer: z.string().nullable().describe("Null where a policy hides it from the caller."),
  amount: Amount.nullable().describe("In minor units of the currency; null like the customer."),
  currency: z.string(),
  status: InvoiceStatus,
  ownerId: z.uuid(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  version: z.int().describe("Also the entity tag: send it back in If-Match."),
});

const Page = z.object({
  items: z.array(Resource),
  nextCursor: z.string().nullable(),
  previousCursor: z.string().nullable(),
});

const Query = InvoiceListing.extend({
  limit: z.coerce.number<string>().int().min(1).max(100).default(25),
  cursor: z.string().optional(),
});

/** Text of any shape: an id that cannot exist is answered like one that does not. */
const Params = z.object({ id: z.string() });

const resourceOf = (invoice: Shown): z.infer<typeof Resource> => ({
  id: invoice.id,
  number: invoice.number,
  customer: invoice.customer,
  amount: invoice.amount,
  currency: invoice.currency,
  status: invoice.status,
  ownerId: invoice.ownerId,
  createdAt: invoice.createdAt.toISOString(),
  updatedAt: invoice.updatedAt.toISOString(),
  version: invoice.version,
});

const invoiceReply = (status: number, invoice: Shown, headers: Reply["headers"] = {}): Reply =>
  jsonReply(status, resourceOf(invoice), { ...entityTag(invoice.version), ...headers });

function changedOrThrow(result: InvoiceChangeResult): Shown {
  if (result.outcome === "changed") return result.invoice;
  if (result.reason === "not-found") throw notFound("invoice");
  const { version } = result.current;
  throw new ProblemError(
    {
      status: 412,
      code: "stale_version",
      title: "The invoice has changed since you read it",
      detail: `It is at version ${version} now. Read it again, then decide.`,
    },
    entityTag(version),
  );
}

const listInvoicesEndpoint = endpoint({
  method: "GET",
  path: PATH,
  tag: "Invoices",
  summary: "The invoices that the caller may see",
  access: INVOICE_PERMISSIONS.view,
  impersonated: true,
  services: true,
  query: Query,
  responses: { 200: { description: "A page of invoices", schema: Page } },
  run: async ({ caller, query: { limit, cursor, ...listing } }) => {
    const result = await listInvoices(caller, listing, { limit, cursor });
    if (result.outcome === "rejected") {
      throw new ProblemError({
        status: 422,
        code: "validation_failed",
        title: "The request does not fit",
        errors: [{ path: "cursor", message: "This is no cursor of a list in this order." }],
      });
    }
    return jsonReply(200, {
      items: result.items.map(resourceOf),
      nextCursor: result.nextCursor,
      previousCursor: result.previousCursor,
    });
  },
});

const createInvoiceEndpoint = endpoint({
  method: "POST",
  path: PATH,
  tag: "Invoices",
  summary: "Write a new draft that the caller owns",
  access: INVOICE_PERMISSIONS.create,
  impersonated: true,
  body: NewInvoice,
  responses: { 201: { description: "The new invoice", schema: Resource } },
  run: async ({ caller, body }) => {
    const invoice = await createInvoice(caller, body);
    return invoiceReply(201, invoice, { location: `${PATH}/${invoice.id}` });
  },
});

const getInvoiceEndpoint = endpoint({
  method: "GET",
  path: `${PATH}/{id}`,
  tag: "Invoices",
  summary: "One invoice, with its version as the entity tag",
  access: INVOICE_PERMISSIONS.view,
  impersonated: true,
  services: true,
  params: Params,
  responses: { 200: { description: "The invoice", schema: Resource } },
  run: async ({ caller, params: { id } }) => {
    const invoice = await findInvoice(caller, id);
    if (invoice === null) throw notFound("invoice");
    return invoiceReply(200, invoice);
  },
});

const updateInvoiceEndpoint = endpoint({
  method: "PATCH",
  path: `${PATH}/{id}`,
  tag: "Invoices",
  summary: "Change fields, only at the version in If-Match when there is one",
  access: INVOICE_PERMISSIONS.update,
  impersonated: true,
  services: true,
  params: Params,
  body: InvoiceChange,
  responses: {
    200: { description: "The changed invoice", schema: Resource },
    412: { description: "Somebody changed it since" },
  },
  run: async (call) => {
    const versions = versionsOf(call.header("if-match"));
    const result = await updateInvoice(call.caller, call.params.id, call.body, versions);
    return invoiceReply(200, changedOrThrow(result));
  },
});

const deleteInvoiceEndpoint = endpoint({
  method: "DELETE",
  path: `${PATH}/{id}`,
  tag: "Invoices",
  summary: "Delete, only at the version in If-Match when there is one",
  access: INVOICE_PERMISSIONS.delete,
  impersonated: true,
  services: true,
  params: Params,
  responses: {
    204: { description: "It is deleted; it can be restored for 30 days" },
    412: { description: "Somebody changed it since" },
  },
  run: async (call) => {
    const versions = versionsOf(call.header("if-match"));
    changedOrThrow(await deleteInvoice(call.caller, call.params.id, versions));
    return emptyReply();
  },
});

const restoreInvoiceEndpoint = endpoint({
  method: "POST",
  path: `${PATH}/{id}/restore`,
  tag: "Invoices",
  summary: "Take a deletion back",
  access: INVOICE_PERMISSIONS.delete,
  impersonated: true,
  services: true,
  params: Params,
  responses: { 200: { description: "The restored invoice", schema: Resource } },
  run: async ({ caller, params: { id } }) =>
    invoiceReply(200, changedOrThrow(await restoreInvoice(caller, id))),
});

export const INVOICE_ENDPOINTS = [
  listInvoicesEndpoint,
  createInvoiceEndpoint,
  getInvoiceEndpoint,
  updateInvoiceEndpoint,
  deleteInvoiceEndpoint,
  restoreInvoiceEndpoint,
];
