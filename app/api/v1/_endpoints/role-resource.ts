import "server-only";
import { z } from "zod";
import { entityTag } from "@/app/api/entity-tag";
import { unfitting } from "@/app/api/paging";
import { Condition } from "@/lib/authz/condition.schema";
import type { Role } from "@/lib/authz/list-roles";
import { PermissionKey, type RoleGrants } from "@/lib/authz/role.schema";
import { jsonReply, type Reply } from "@/lib/platform/http/reply";
import { COUNT_MAX } from "@/lib/shared/bounded-count";

export const ROLES_PATH = "/api/v1/roles";

export const Conditions = z
  .record(PermissionKey, z.unknown())
  .describe(
    "Of the permissions that are limited: `own` reaches only what the holder owns, an object is a condition.",
  );

export const RoleResource = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  permissions: z.array(PermissionKey),
  conditions: Conditions,
  inherits: z.array(z.uuid()),
  userCount: z.int().describe(`One more than ${COUNT_MAX} stands for all that are more.`),
  isDefault: z.boolean().describe("Given to whoever signs up."),
  emergency: z.boolean().describe("Can be taken for an hour by whoever may break the glass."),
  version: z.int().describe("Also the entity tag: send it back in If-Match."),
});

export const RoleParams = z.object({ id: z.string() });

export const KEYS = z
  .array(PermissionKey)
  .max(500, "Use at most 500 permissions.")
  .transform((keys) => [...new Set(keys)]);

export const CONDITIONS = z
  .record(PermissionKey, z.union([z.literal("own"), Condition]))
  .optional()
  .describe("Without it, permissions that the role has already keep their condition.");

/** The roles that a role inherits outright. */
export const INHERITS = z
  .array(z.uuid())
  .max(50, "Use at most 50 roles.")
  .transform((ids) => [...new Set(ids)]);

export const CONFIRM = z
  .boolean()
  .default(false)
  .describe("Goes on although the caller loses permissions of their own.");

const conditionsOf = ({ grants }: Role): Record<string, unknown> =>
  Object.fromEntries(Object.entries(grants).filter(([, reach]) => reach !== "all"));

export const resourceOf = (role: Role): z.infer<typeof RoleResource> => ({
  id: role.id,
  name: role.name,
  description: role.description,
  permissions: Object.keys(role.grants),
  conditions: conditionsOf(role),
  inherits: role.inherits,
  userCount: role.userCount,
  isDefault: role.isDefault,
  emergency: role.emergency,
  version: role.version,
});

export const roleReply = (status: number, role: Role, headers: Reply["headers"] = {}): Reply =>
  jsonReply(status, resourceOf(role), { ...entityTag(role.version), ...headers });

/** Grants in terms of those that the role has: what is not said about a condition keeps it. */
export const grantsOf =
  (keys: string[], conditions: RoleGrants | undefined) =>
  (present: Role["grants"]): RoleGrants => {
    const reachOf = (key: string) => {
      if (conditions !== undefined) return conditions[key] ?? "all";
      const kept = present[key] ?? "all";
      return kept === "unreadable" ? "own" : kept;
    };
    return Object.fromEntries(keys.map((key) => [key, reachOf(key)]));
  };

export function assertConditionsFit(keys: string[], conditions: RoleGrants = {}): void {
  const stray = Object.keys(conditions).find((key) => !keys.includes(key));
  if (stray !== undefined) throw unfitting("conditions", `${stray} is not among the permissions.`);
}
