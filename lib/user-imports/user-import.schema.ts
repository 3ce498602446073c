import { z } from "zod";

export const IMPORT_FORMATS = ["csv", "keycloak", "auth0", "clerk"] as const;
export const ImportFormat = z.enum(IMPORT_FORMATS, "Choose csv, keycloak, auth0 or clerk.");
export type ImportFormat = z.infer<typeof ImportFormat>;

/** More users go into several files. */
export const IMPORT_ROWS_MAX = 50_000;
/** What the panel takes; the command line reads what fits into this as well. */
export const IMPORT_BYTES_MAX = 24 * 1024 * 1024;
