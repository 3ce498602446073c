import { redirect } from "next/navigation";
import { requireCaller, requirePermission } from "@/app/_http/page";
import { listAdministrationItems } from "@/app/_shell/navigation";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

/** Leads to the first administration page that the caller may open. */
export default async function AdminPage() {
  const caller = await requireCaller("/admin");
  const [first] = await listAdministrationItems(caller);
  if (first) redirect(first.href);
  // Holding none of the permissions, they lack the first: the answer is 403 with its decision.
  await requirePermission("/admin", USER_PERMISSIONS.view);
}
