import "server-only";

/**
 * The field that names the owner, for each resource type that has one. A grant
 * with the condition `own` on any other type allows nothing.
 */
export const OWNER_FIELD: Readonly<Record<string, string>> = {
  Invoice: "ownerId",
  User: "id",
};
