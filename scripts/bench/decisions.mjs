import { randomUUID } from "node:crypto";
import pg from "pg";
import { runCommandQuietly } from "../setup/command-line.mjs";
import { print } from "../setup/progress.mjs";
import { giveGrants } from "./checks.mjs";
import { measureAnswers } from "./load.mjs";
import { insertSession } from "./session.mjs";
import { basic } from "./token-engine.mjs";

/** Alone, and as many as keep a process busy: what waits for others is in the second. */
const CONNECTIONS = [1, 32];

/**
 * How long a decision takes: one that a session asks for itself, and one that another program asks
 * for about somebody (`POST /access/v1/evaluation`), with as many policies as there are by now.
 * @param {{ origin: string, databaseUrl: string, env: NodeJS.ProcessEnv }} gatehouse
 */
export async function measureDecisions({ origin, databaseUrl, env }) {
  let userId = "";
  const secret = await insertSession(databaseUrl, (client, id) => {
    userId = id;
    return giveGrants(client, id, 100);
  });
  const invoiceId = await insertInvoice(databaseUrl, userId);
  const token = await serviceToken(origin, databaseUrl, env);
  const body = JSON.stringify({
    subject: { type: "user", id: userId },
    action: { name: "view_invoice" },
    resource: { type: "Invoice", id: invoiceId },
    // Policies ask from where it came, and what is not known counts against whoever asks.
    context: { ip: "198.18.0.1" },
  });
  /** @type {Record<string, import("./load.mjs").Ask>} */
  const asks = {
    "permission check, session read": {
      url: `${origin}/api/v1/invoices/none`,
      headers: { cookie: `gatehouse_session=${secret}` },
      status: 404,
    },
    "POST /access/v1/evaluation": {
      url: `${origin}/access/v1/evaluation`,
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "content-length": String(body.length),
      },
      body,
      status: 200,
      // A refusal is an answer too, and another one than is measured here.
      answered: (text) => {
        if (JSON.parse(text).decision !== true) throw new Error(`the evaluation says ${text}`);
      },
    },
  };
  print("\n| decision, 100 grants and policies | at once | p50 ms | p95 ms | answers a second |");
  print("|--|--:|--:|--:|--:|");
  for (const [what, ask] of Object.entries(asks)) {
    for (const connections of CONNECTIONS) {
      const { rate, p50Ms, p95Ms } = await measureAnswers(() => ask, { connections });
      const times = `${p50Ms.toFixed(2)} | ${p95Ms.toFixed(2)}`;
      print(`| ${what} | ${connections} | ${times} | ${Math.round(rate)} |`);
    }
  }
}

/**
 * Of a service account that may ask about others.
 * @param {string} origin
 * @param {string} databaseUrl
 * @param {NodeJS.ProcessEnv} env
 */
async function serviceToken(origin, databaseUrl, env) {
  const created = await runCommandQuietly(
    ["client", "create", "Bench", "--kind", "service", "--json", "--scope", "api:read"],
    env,
  );
  const client = JSON.parse(created);
  const roleId = randomUUID();
  await inDatabase(databaseUrl, async (database) => {
    await database.query("INSERT INTO roles (id, name) VALUES ($1, $2)", [roleId, "Bench asks"]);
    await database.query(
      `INSERT INTO role_permissions (role_id, permission_id)
       SELECT $1, id FROM permissions WHERE key = 'evaluate_access'`,
      [roleId],
    );
    await database.query(
      `INSERT INTO service_accounts (client_id, organization_id)
       SELECT $1, default_organization_id FROM instance`,
      [client.clientId],
    );
    await database.query("INSERT INTO service_account_roles (client_id, role_id) VALUES ($1, $2)", [
      client.clientId,
      roleId,
    ]);
  });
  const answer = await fetch(`${origin}/oidc/token`, {
    method: "POST",
    headers: { authorization: basic(client) },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      resource: `${env["APP_URL"]}/api/v1`,
      scope: "api:read",
    }),
  });
  if (!answer.ok) throw new Error(`the service got no token: ${await answer.text()}`);
  return (await answer.json()).access_token;
}

/**
 * @param {string} databaseUrl
 * @param {string} ownerId
 */
async function insertInvoice(databaseUrl, ownerId) {
  const id = randomUUID();
  await inDatabase(databaseUrl, (database) =>
    database.query(
      `INSERT INTO invoices (id, organization_id, owner_id, number, customer, customer_key, amount,
                             currency)
       SELECT $1, default_organization_id, $2, 'BENCH-1', 'Bench', 'bench', 100, 'EUR'
         FROM instance`,
      [id, ownerId],
    ),
  );
  return id;
}

/**
 * @param {string} databaseUrl
 * @param {(database: pg.Client) => Promise<unknown>} work
 */
async function inDatabase(databaseUrl, work) {
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    await work(database);
  } finally {
    await database.end();
  }
}
