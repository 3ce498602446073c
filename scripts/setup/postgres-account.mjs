import { spawnSync } from "node:child_process";
import { SetupFailure } from "./failure.mjs";

const ACCOUNT = "gatehouse-postgres";

/** @typedef {{ name: string, uid: number, gid: number }} Account */

// useradd is on most systems, adduser in two dialects: Debian's and busybox's.
const CREATE = [
  [
    "useradd",
    "--system",
    "--user-group",
    "--no-create-home",
    "--home-dir",
    "/nonexistent",
    "--shell",
    "/usr/sbin/nologin",
    ACCOUNT,
  ],
  ["adduser", "--system", "--group", "--no-create-home", "--home", "/nonexistent", ACCOUNT],
  ["adduser", "-S", "-D", "-H", "-h", "/nonexistent", "-s", "/sbin/nologin", ACCOUNT],
];

/**
 * The user under which PostgreSQL runs: undefined means the present one.
 * PostgreSQL refuses to run as root, so root gets a system user that owns
 * nothing but the database.
 * @returns {Account | undefined}
 */
export function postgresAccount() {
  if (process.getuid?.() !== 0) return undefined;
  const account = find(ACCOUNT) ?? create() ?? find("nobody");
  if (account && canBecome(account)) return account;
  throw new SetupFailure(
    [
      "PostgreSQL refuses to run as root, and no unprivileged user could be made or found for it.",
      "Start Gatehouse as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.",
    ].join("\n"),
  );
}

/**
 * @param {string} name
 * @returns {Account | undefined}
 */
function find(name) {
  const [uid, gid] = ["-u", "-g"].map((flag) =>
    spawnSync("id", [flag, name], { encoding: "utf8" }),
  );
  if (uid?.status !== 0 || gid?.status !== 0) return undefined;
  return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/** @returns {Account | undefined} */
function create() {
  for (const [command = "", ...args] of CREATE) {
    if (spawnSync(command, args, { stdio: "ignore" }).status === 0) return find(ACCOUNT);
  }
  return undefined;
}

/** In a container with one user only, root may not become anybody else. @param {Account} account */
const canBecome = ({ uid, gid }) =>
  spawnSync("/bin/sh", ["-c", ":"], { uid, gid, cwd: "/" }).status === 0;

/**
 * True when the account can enter a folder. Asked of the system, because modes,
 * owners, access lists and mounts on the whole way decide it together.
 * @param {Account} account
 * @param {string} dir
 */
export const canEnter = ({ uid, gid }, dir) =>
  spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", dir], { uid, gid, cwd: "/", stdio: "ignore" })
    .status === 0;
