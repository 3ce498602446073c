import "server-only";
import { definePermissions } from "@/lib/shared/permission";

export const INVOICE_PERMISSIONS = definePermissions({
  view: {
    key: "view_invoice",
    resourceType: "Invoice",
    description: "See invoices.",
  },
  create: {
    key: "create_invoice",
    resourceType: "Invoice",
    description: "Write new invoices.",
  },
  update: {
    key: "update_invoice",
    resourceType: "Invoice",
    description: "Change invoices.",
  },
  delete: {
    key: "delete_invoice",
    resourceType: "Invoice",
    description: "Delete and restore invoices.",
  },
});
