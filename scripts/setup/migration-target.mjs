/** @typedef {{ url: string, variable: string }} MigrationTarget */

/**
 * Where migrations go, and which variable says so: PostgreSQL itself, also where the program reaches
 * it through a pooler.
 * @param {{ url: string, directUrl: string | undefined }} database
 * @returns {MigrationTarget}
 */
export const migrationTarget = ({ url, directUrl }) =>
  directUrl === undefined
    ? { url, variable: "DATABASE_URL" }
    : { url: directUrl, variable: "DATABASE_DIRECT_URL" };
