import "server-only";
import { PERMISSIONS } from "@/app/permissions";
import type { PolicyPermission } from "@/components/admin/policies/permission-fields";
import { isUndeniable } from "@/lib/authz/undeniable";

/** Every permission that a policy can be about, as the editor offers them. */
export const POLICY_CHOICES: PolicyPermission[] = PERMISSIONS.map(
  ({ key, description, resourceType }) => ({
    key,
    description,
    resourceType,
    undeniable: isUndeniable(key),
  }),
);
