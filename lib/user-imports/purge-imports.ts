import "server-only";
import { deleteOldImports } from "@/lib/user-imports/user-import-store";

/**
 * Forgets imports that ended 30 days ago, and the hashes of those that nobody went on with for 7;
 * returns how many.
 */
export const purgeImports = (): Promise<number> => deleteOldImports();
