import "server-only";
import { getPermissionWords } from "@/app/_locale/permission-words";
import { PERMISSIONS } from "@/app/permissions";
import type { PolicyPermission } from "@/components/admin/policies/permission-fields";
import { isUndeniable } from "@/lib/authz/undeniable";

/** Every permission that a policy can be about, as the editor offers them. */
export async function policyChoices(): Promise<PolicyPermission[]> {
  const wordsOf = await getPermissionWords();
  return PERMISSIONS.map((permission) => ({
    key: permission.key,
    description: wordsOf(permission),
    resourceType: permission.resourceType,
    undeniable: isUndeniable(permission.key),
  }));
}
