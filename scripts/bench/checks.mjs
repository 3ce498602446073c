import { randomUUID } from "node:crypto";
import pg from "pg";
import { print } from "../setup/progress.mjs";
import { requestsPerSecond } from "./load.mjs";
import { insertSession } from "./session.mjs";

const PERMISSIONS_A_ROLE = 10;
const LIMIT = { kind: "field", field: "amount", operator: "at-most", value: 1_000 };
const HOURS = {
  kind: "hours",
  timeZone: "Europe/Berlin",
  days: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
  from: "00:00",
  until: "00:00",
};
const ELSEWHERE = { kind: "network", ranges: ["203.0.113.0/24"] };

/**
 * What a permission check costs by how much there is to look at. Each request is one session
 * query and one decision: the id in its path is none, so that nothing is fetched after it.
 * @param {string} origin
 * @param {string} databaseUrl
 */
export async function measureChecks(origin, databaseUrl) {
  print("\n| permission check, session read on each | answers a second | ratio |\n|--|--:|--:|");
  /** @type {number | undefined} */
  let first;
  const measure = async (/** @type {string} */ what, /** @type {string} */ secret) => {
    const ask = {
      url: `${origin}/api/v1/invoices/none`,
      headers: { cookie: `gatehouse_session=${secret}` },
      status: 404,
    };
    const rate = await requestsPerSecond(() => ask);
    first ??= rate;
    print(`| ${what} | ${Math.round(rate)} | ${(rate / first).toFixed(3)} |`);
  };
  const holders = [];
  for (const grants of [10, 100, 1_000]) {
    const secret = await insertSession(databaseUrl, (client, userId) =>
      giveGrants(client, userId, grants),
    );
    holders.push({ grants, secret });
    await measure(`${grants} grants`, secret);
  }
  const conditional = await insertSession(databaseUrl, giveConditionalGrants);
  await measure("1000 conditional grants of this permission", conditional);
  await insertPolicies(databaseUrl, 100);
  for (const { grants, secret } of holders) await measure(`${grants} grants, 100 policies`, secret);
  await measure("1000 conditional grants of this permission, 100 policies", conditional);
}

/**
 * @param {pg.Client} client
 * @param {string} userId
 * @param {number} grants
 */
export async function giveGrants(client, userId, grants) {
  for (let role = 0; role < grants / PERMISSIONS_A_ROLE; role += 1) {
    await giveRole(
      client,
      userId,
      `SELECT id, CASE WHEN key LIKE '%_invoice' THEN $2::jsonb END FROM permissions
        ORDER BY key LIKE '%_invoice' DESC, key LIMIT ${PERMISSIONS_A_ROLE}`,
      role % 2 === 0 ? null : LIMIT,
    );
  }
}

/**
 * @param {pg.Client} client
 * @param {string} userId
 */
async function giveConditionalGrants(client, userId) {
  for (let role = 0; role < 1_000; role += 1) {
    const condition = { kind: "all", conditions: [{ ...LIMIT, value: role }, HOURS] };
    await giveRole(
      client,
      userId,
      "SELECT id, $2::jsonb FROM permissions WHERE key = 'view_invoice'",
      condition,
    );
  }
}

/**
 * @param {pg.Client} client
 * @param {string} userId
 * @param {string} permissions what it gives: ids and conditions
 * @param {object | null} condition
 */
async function giveRole(client, userId, permissions, condition) {
  const id = randomUUID();
  await client.query("INSERT INTO roles (id, name) VALUES ($1, $2)", [id, `Bench ${id}`]);
  await client.query(
    `INSERT INTO role_permissions (role_id, permission_id, condition)
     SELECT $1, p.id, p.condition FROM (${permissions}) AS p (id, condition)`,
    [id, condition && JSON.stringify(condition)],
  );
  await client.query("INSERT INTO user_roles (id, user_id, role_id) VALUES ($1, $2, $3)", [
    randomUUID(),
    userId,
    id,
  ]);
}

/**
 * Every fourth is about the permission that is asked for.
 * @param {string} databaseUrl
 * @param {number} count
 */
async function insertPolicies(databaseUrl, count) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (let made = 0; made < count; made += 1) {
      const id = randomUUID();
      const key = ["view_invoice", "update_invoice", "delete_invoice", "view_users"][made % 4];
      await client.query("INSERT INTO policies (id, name) VALUES ($1, $2)", [id, `Bench ${id}`]);
      await client.query(
        `INSERT INTO policy_versions (policy_id, number, effect, permissions, condition)
         VALUES ($1, 1, 'deny', ARRAY[$2], $3)`,
        [id, key, JSON.stringify(ELSEWHERE)],
      );
      await client.query("UPDATE policies SET active_number = 1 WHERE id = $1", [id]);
    }
  } finally {
    await client.end();
  }
}
