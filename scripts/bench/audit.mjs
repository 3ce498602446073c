import { randomUUID } from "node:crypto";
import pg from "pg";
import { print } from "../setup/progress.mjs";

const WRITERS = 20;
const SECONDS = 5;
/** What one event has, as the program writes it. */
const COLUMNS = `(id, action, outcome, actor_type, actor_id, target_type, target_id, reason, ip,
                  user_agent, request_id, after)`;
const VALUES = `($1::uuid, 'invoice.updated', 'success', 'user', $1::uuid, 'invoice', $1, 'a reason',
                 '192.0.2.1', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101', $1,
                 '{"amount": 100}')`;

/**
 * What an event costs whoever writes it, beside an insert into a table with the same columns and
 * nothing else: no index but the key, no trigger, no chain. The program seals meanwhile.
 * @param {string} databaseUrl
 */
export async function measureAudit(databaseUrl) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: WRITERS });
  try {
    await pool.query("CREATE TABLE bench_events (LIKE audit_events INCLUDING DEFAULTS)");
    await pool.query("ALTER TABLE bench_events ADD PRIMARY KEY (id)");
    const bare = await appendsPerSecond(pool, "bench_events");
    const ours = await appendsPerSecond(pool, "audit_events");
    print(`\n| audit append, ${WRITERS} writers | events a second | ratio |\n|--|--:|--:|`);
    print(`| a bare table | ${Math.round(bare)} | 1.000 |`);
    print(`| the log, sealed meanwhile | ${Math.round(ours)} | ${(ours / bare).toFixed(3)} |`);
  } finally {
    await pool.query("DROP TABLE IF EXISTS bench_events");
    await pool.end();
  }
}

/**
 * @param {pg.Pool} pool
 * @param {string} table
 */
async function appendsPerSecond(pool, table) {
  let count = 0;
  const until = Date.now() + SECONDS * 1_000;
  const write = async () => {
    while (Date.now() < until) {
      await pool.query({
        name: `append to ${table}`,
        text: `INSERT INTO ${table} ${COLUMNS} VALUES ${VALUES}`,
        values: [randomUUID()],
      });
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  return count / SECONDS;
}
