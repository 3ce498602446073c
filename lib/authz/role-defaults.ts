import "server-only";
import type { Condition } from "@/lib/authz/condition.schema";

export interface DefaultRole {
  name: string;
  description: string;
  isDefault: boolean;
  permissions: "all" | { key: string; condition: Condition | null }[];
}

const all = (keys: string[]) => keys.map((key) => ({ key, condition: null }));

/** Written to an empty database only; from then on they are data like any other role (D6). */
export const DEFAULT_ROLES: DefaultRole[] = [
  {
    name: "Admin",
    description: "May do everything.",
    isDefault: false,
    permissions: "all",
  },
  {
    name: "Manager",
    description: "Works with every invoice of the organization.",
    isDefault: false,
    permissions: all(["view_invoice", "create_invoice", "update_invoice", "delete_invoice"]),
  },
  {
    name: "User",
    description: "Sees their own invoices. Given to whoever signs up.",
    isDefault: true,
    permissions: [{ key: "view_invoice", condition: { kind: "own" } }],
  },
];
