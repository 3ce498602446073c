import pg from "pg";

const DATABASE_MISSING = "3D000";
const PASSWORD_WRONG = "28P01";

/** What migrations call it: the role that keeps organizations apart (docs/decisions/0037). */
const TENANT_ROLE = "gatehouse_tenant";

/**
 * Makes the application's role and its database unless they are there: a role
 * that owns one database and nothing else, and a second one that it takes on to
 * act for an organization. A start cut short in between is taken up where it ended.
 * @param {{ url: string, adminUrl: string, password: string, mayCreate: boolean }} options
 *   `mayCreate` lets the role make further databases, which tests need
 */
export async function ensureDatabase({ url, adminUrl, password, mayCreate }) {
  if ((await canConnect(url)) && (await mayActForTenants(url))) return;
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const { rowCount } = await admin.query("SELECT FROM pg_roles WHERE rolname = 'gatehouse'");
    if (!rowCount) await admin.query("CREATE ROLE gatehouse LOGIN");
    const rights = mayCreate ? "CREATEDB" : "NOCREATEDB";
    await admin.query(`ALTER ROLE gatehouse ${rights} PASSWORD ${pg.escapeLiteral(password)}`);
    const tenant = await admin.query("SELECT FROM pg_roles WHERE rolname = $1", [TENANT_ROLE]);
    if (!tenant.rowCount) await admin.query(`CREATE ROLE ${TENANT_ROLE} NOLOGIN`);
    await admin.query(`GRANT ${TENANT_ROLE} TO gatehouse`);
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
 * False for a data folder of before there were two roles.
 * @param {string} url
 */
async function mayActForTenants(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query(
      "SELECT FROM pg_roles WHERE rolname = $1 AND pg_has_role(current_user, oid, 'SET')",
      [TENANT_ROLE],
    );
    return rowCount === 1;
  } finally {
    await client.end();
  }
}
