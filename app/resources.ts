import "server-only";
import { PERMISSIONS } from "@/app/permissions";
import type { Catalogue } from "@/lib/decisions/catalogue";
import { INVOICE_RESOURCE } from "@/lib/invoices/invoice-resource";
import { USER_RESOURCE } from "@/lib/users/user-resource";

/** What questions about others can be about: every permission, and the records that can be named. */
export const CATALOGUE: Catalogue = {
  permissions: PERMISSIONS,
  resources: { Invoice: INVOICE_RESOURCE, User: USER_RESOURCE },
};
