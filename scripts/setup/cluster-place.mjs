import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { SetupFailure } from "./failure.mjs";
import { canEnter } from "./postgres-account.mjs";

/** Where root keeps what the PostgreSQL account must reach. */
export const SYSTEM_DIR = "/var/lib/gatehouse";
const POINTER = "postgres-location.json";

/**
 * The folder in which the cluster (`postgres`) lies: the data folder itself,
 * or, where its account cannot get there, one below /var/lib/gatehouse that a
 * pointer in the data folder names. Its name ends at random: a new data folder
 * under an old name must not come upon the database of its predecessor.
 * @param {string} dataDir
 * @param {import("./postgres-account.mjs").Account | undefined} account
 */
export function clusterPlace(dataDir, account) {
  const pointer = path.join(dataDir, POINTER);
  if (existsSync(pointer)) return pointedAt(pointer, dataDir);
  if (!account) return dataDir;
  // Others may pass through, so that the account reaches its own folder, but not list.
  chmodSync(dataDir, 0o711);
  if (canEnter(account, dataDir)) return dataDir;
  const real = realpathSync(dataDir);
  const hash = createHash("sha256").update(real).digest("hex").slice(0, 8);
  const place = path.join(SYSTEM_DIR, `${hash}-${randomBytes(4).toString("hex")}`);
  mkdirSync(place, { recursive: true });
  for (const dir of [SYSTEM_DIR, place]) chmodSync(dir, 0o711);
  if (!canEnter(account, place)) {
    throw new SetupFailure(
      `PostgreSQL runs as ${account.name}, which can enter neither ${real} nor ${SYSTEM_DIR}.\n` +
        "Set DATA_DIR to a folder that it can reach, or set DATABASE_URL.",
    );
  }
  writeFileSync(pointer, `${JSON.stringify({ dataDir: real, place })}\n`, { mode: 0o600 });
  return place;
}

/**
 * Removes a data folder together with its cluster, wherever that lies.
 * @param {string} dataDir
 */
export function discardData(dataDir) {
  const pointer = path.join(dataDir, POINTER);
  if (existsSync(pointer)) rmSync(pointedAt(pointer, dataDir), { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}

/**
 * @param {string} pointer
 * @param {string} dataDir
 */
function pointedAt(pointer, dataDir) {
  const { dataDir: owner, place } = JSON.parse(readFileSync(pointer, "utf8"));
  const original = path.join(owner, POINTER);
  const isCopy = owner !== realpathSync(dataDir) && existsSync(original);
  if (isCopy && readFileSync(original, "utf8").includes(place)) {
    throw new SetupFailure(
      `${dataDir} is a copy of ${owner}: both name the database in ${place}.\n` +
        `Remove ${pointer} to begin with an empty database here, or remove the original.`,
    );
  }
  return place;
}
