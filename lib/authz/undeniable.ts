import "server-only";

/**
 * What no policy takes away, by whatever way it got into the database: whoever may undo policies
 * can always find them and undo them, so that none can shut everybody out.
 */
const UNDENIABLE: ReadonlySet<string> = new Set(["view_policies", "manage_policies"]);

export const isUndeniable = (permissionKey: string): boolean => UNDENIABLE.has(permissionKey);
