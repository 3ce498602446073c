import { SetupFailure } from "./failure.mjs";

/**
 * The folder of a new migration. Prisma applies folders in the order of their
 * names, so the time comes first and in UTC.
 * @param {string} name
 * @param {Date} now
 */
export function migrationFolderName(name, now) {
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
  if (slug === "") {
    throw new SetupFailure(`"${name}" names no migration. Use letters and digits: add_invoices.`);
  }
  return `${now.toISOString().replaceAll(/\D/g, "").slice(0, 14)}_${slug}`;
}
