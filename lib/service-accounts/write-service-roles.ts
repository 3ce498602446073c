import "server-only";
import { type Authority, recordBy } from "@/lib/authz/authority";
import type { Db } from "@/lib/platform/db/client";
import { replaceServiceRoles } from "@/lib/service-accounts/service-account-store";

export interface NamedRole {
  id: string;
  name: string;
}

export const named = (roles: NamedRole[]): NamedRole[] =>
  roles
    .map(({ id, name }) => ({ id, name }))
    .sort((one, other) => one.name.localeCompare(other.name));

/** Makes these the roles of a service account, by their ids; `roles` name those of before and after. */
export async function writeServiceRoles(
  authority: Authority,
  { clientId, organizationId }: { clientId: string; organizationId: string },
  roles: NamedRole[],
  { before, after }: Record<"before" | "after", readonly string[]>,
  tx: Db,
): Promise<void> {
  const added = after.filter((id) => !before.includes(id));
  const removed = before.filter((id) => !after.includes(id));
  const author = authority.kind === "caller" ? authority.caller.principal.userId : null;
  await replaceServiceRoles(clientId, organizationId, { added, removed }, author, tx);
  const namesOf = (ids: readonly string[]) =>
    named(roles.filter(({ id }) => ids.includes(id))).map(({ name }) => name);
  const event = {
    action: added.length > 0 ? "client.role_assigned" : "client.role_removed",
    target: { type: "client", id: clientId },
    before: { roles: namesOf(before) },
    after: { roles: namesOf(after) },
  };
  await recordBy(authority, event, tx);
}
