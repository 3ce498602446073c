import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { inRoot } from "./paths.mjs";

/**
 * The Prisma schema, a file a feature.
 * @param {string} [dir]
 */
export const readSchemaFiles = (dir = inRoot("prisma/schema")) =>
  readdirSync(dir)
    .filter((name) => name.endsWith(".prisma"))
    .sort()
    .map((name) => path.join(dir, name))
    .map((file) => ({ path: file, content: readFileSync(file, "utf8") }));
