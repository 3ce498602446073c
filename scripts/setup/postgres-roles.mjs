import pg from "pg";

const DATABASE_MISSING = "3D000";
const PASSWORD_WRONG = "28P01";

/**
 * What migrations call them: the role that keeps organizations apart (docs/decisions/0037), and the
 * one that may take something out of the audit log (docs/decisions/0045).
 */
const TAKEN_ON = [
  { role: "gatehouse_tenant", inherited: true },
  { role: "gatehouse_keeper", inherited: false },
];

/**
 * Makes the application's role and its database unless they are there: a role
 * that owns one database and nothing else, and those that it takes on for a
 * transaction. A start cut short in between is taken up where it ended.
 * @param {{ url: string, adminUrl: string, password: string, mayCreate: boolean }} options
 *   `mayCreate` lets the role make further databases, which tests need
 */
export async function ensureDatabase({ url, adminUrl, password, mayCreate }) {
  if ((await canConnect(url)) && (await mayTakeRolesOn(url))) return;
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const { rowCount } = await admin.query("SELECT FROM pg_roles WHERE rolname = 'gatehouse'");
    if (!rowCount) await admin.query("CREATE ROLE gatehouse LOGIN");
    const rights = mayCreate ? "CREATEDB" : "NOCREATEDB";
    await admin.query(`ALTER ROLE gatehouse ${rights} PASSWORD ${pg.escapeLiteral(password)}`);
    for (const { role, inherited } of TAKEN_ON) {
      const found = await admin.query("SELECT FROM pg_roles WHERE rolname = $1", [role]);
      if (!found.rowCount) await admin.query(`CREATE ROLE ${role} NOLOGIN`);
      await admin.query(`GRANT ${role} TO gatehouse WITH INHERIT ${inherited}`);
    }
    const database = await admin.query("SELECT FROM pg_database WHERE datname = 'gatehouse'");
    if (!database.rowCount) await admin.query("CREATE DATABASE gatehouse OWNER gatehouse");
  } finally {
    await admin.end();
  }
}

/**
 * False when the role or the database is not as it should be; throws when the
 * server cannot be reached.
 * @param {string} url
 */
export async function canConnect(url) {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch (error) {
    const { code } = /** @type {{ code?: string }} */ (error);
    if (code === DATABASE_MISSING || code === PASSWORD_WRONG) return false;
    throw error;
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * False for a data folder of before there were these roles.
 * @param {string} url
 */
async function mayTakeRolesOn(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query(
      "SELECT FROM pg_roles WHERE rolname = ANY($1) AND pg_has_role(current_user, oid, 'SET')",
      [TAKEN_ON.map(({ role }) => role)],
    );
    return rowCount === TAKEN_ON.length;
  } finally {
    await client.end();
  }
}
