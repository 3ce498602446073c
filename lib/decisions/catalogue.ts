import "server-only";
import type { Row } from "@/lib/authz/ability";
import type { ResourceSource } from "@/lib/authz/resource-source";
import { resourceType } from "@/lib/authz/resource-types";
import type { Permission } from "@/lib/shared/permission";

export interface Catalogue {
  permissions: readonly Permission[];
  /** By the name of the resource type. */
  resources: Readonly<Record<string, ResourceSource>>;
}

export const permissionNamed = ({ permissions }: Catalogue, key: string): Permission | undefined =>
  permissions.find((permission) => permission.key === key);

export const sourceOf = ({ resources }: Catalogue, type: string): ResourceSource | undefined =>
  Object.hasOwn(resources, type) ? resources[type] : undefined;

/** The record that somebody names in a question about the permission; null when they name none. */
export async function findNamedRecord(
  catalogue: Catalogue,
  { resourceType: type }: Pick<Permission, "resourceType">,
  id: string | null,
  organizationId: string,
): Promise<(Row & { id: string; label: string }) | null | "unknown"> {
  if (id === null) return null;
  return (await sourceOf(catalogue, type)?.find(id, organizationId)) ?? "unknown";
}

/**
 * The record that a question of another program names, or null for none. Of a type that is ours
 * the database alone says what it is like; of one that is that program's own it says so itself.
 */
export async function findAskedRecord(
  catalogue: Catalogue,
  { type, id, properties }: { type: string; id: string; properties: Row },
  organizationId: string,
): Promise<Row | null> {
  const source = sourceOf(catalogue, type);
  if (source !== undefined) return source.find(id, organizationId);
  const { ownerField, fields } = resourceType(type);
  const asked = [...Object.keys(fields), ...(ownerField === undefined ? [] : [ownerField])];
  const given = asked.filter((field) => field !== "id" && Object.hasOwn(properties, field));
  return { ...Object.fromEntries(given.map((field) => [field, properties[field]])), id };
}
