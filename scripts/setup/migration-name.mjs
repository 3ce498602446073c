import { SetupFailure } from "./failure.mjs";

const TIME_LENGTH = 14;

/**
 * The folder of a new migration. Prisma applies folders in the order of their
 * names, so the time comes first and in UTC. It is later than that of every
 * migration there is, also on a machine whose clock is behind.
 * @param {string} name
 * @param {Date} now
 * @param {readonly string[]} [existing] the folders that are there
 */
export function migrationFolderName(name, now, existing = []) {
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
  if (slug === "") {
    throw new SetupFailure(`"${name}" names no migration. Use letters and digits: add_invoices.`);
  }
  const time = Number(now.toISOString().replaceAll(/\D/g, "").slice(0, TIME_LENGTH));
  const latest = Math.max(0, ...existing.map((folder) => Number(folder.slice(0, TIME_LENGTH))));
  return `${Math.max(time, latest + 1)}_${slug}`;
}
