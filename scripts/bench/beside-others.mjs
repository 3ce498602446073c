import { createHash, randomBytes } from "node:crypto";
import path from "node:path";
import { hash } from "@node-rs/argon2";
import { encode } from "next-auth/jwt";
import { inRoot } from "../setup/paths.mjs";
import { step } from "../setup/progress.mjs";
import { startChild, startNextApp, startPeer } from "./children.mjs";
import { compare, printHead, printRow } from "./compare.mjs";
import { CONNECTIONS } from "./load.mjs";
import { insertSession } from "./session.mjs";
import { prepareTokenEngine } from "./token-engine.mjs";

const PASSWORD = "correct horse battery staple 42";
/** OWASP's first choice, as the program has it. */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Sign-ins of one account at once wait for each other's device and session; people do not. */
const ACCOUNTS = 64;
const AUTH_JS_COOKIE = "authjs.session-token";

/**
 * Each operation beside what bounds it and what others reach, with everybody in one process on the same
 * core, one after the other.
 * @param {{ origin: string, cookie: string, databaseUrl: string, env: NodeJS.ProcessEnv, dir: string }} gatehouse
 * @returns {Promise<import("./compare.mjs").Compared[]>}
 */
export async function measureBesideOthers({ origin, cookie, databaseUrl, env, dir }) {
  const passwordHash = await hash(PASSWORD, ARGON2);
  const tokenHash = createHash("sha256")
    .update(cookie.split("=")[1] ?? "")
    .digest("hex");
  const authSecret = randomBytes(32).toString("base64url");
  /** @type {import("./children.mjs").Running<{ url: string }>} */
  const limit = await startChild(inRoot("scripts/bench/limit-server.mjs"), [
    databaseUrl,
    tokenHash,
    passwordHash,
    PASSWORD,
  ]);
  const accounts = await insertAccounts(databaseUrl, passwordHash);
  // Each connection is somebody else's: what two ask for at once is looked up once.
  /** @type {string[]} */
  const cookies = [];
  for (let made = 0; made < CONNECTIONS; made += 1) {
    cookies.push(`gatehouse_session=${await insertSession(databaseUrl)}`);
  }
  const engine = await prepareTokenEngine({ origin, env, limit: limit.url });
  const { peer, app } = await step("Preparing others to compare with", async () => ({
    /** @type {import("./children.mjs").Running<{ url: string, cookie: string }>} */
    peer: await startPeer("better-auth.mjs", [databaseUrl, "bench@example.com", PASSWORD]),
    app: await startNextApp(path.join(dir, "next-app"), authSecret),
  }));
  const signedIn = { headers: { cookie }, status: 200 };
  const authJs = await encode({
    token: { email: "bench@example.com" },
    secret: authSecret,
    salt: AUTH_JS_COOKIE,
  });
  const at = (/** @type {string} */ url) => () => ({ url, status: 200 });
  /** @type {import("./compare.mjs").Operation[]} */
  const operations = [
    {
      what: "session and permission, strict",
      ours: (connection) => ({
        url: `${origin}/api/v1/invoices/none`,
        headers: { cookie: cookies[connection % CONNECTIONS] ?? "" },
        status: 404,
      }),
      limit: { name: "one prepared select", ask: at(`${limit.url}/select`), aim: 0.6 },
      peer: {
        name: "Better Auth get-session",
        ask: () => ({
          url: `${peer.url}/api/auth/get-session`,
          headers: { cookie: peer.cookie },
          status: 200,
        }),
        aim: 6,
      },
    },
    ...engine.operations,
    {
      what: "key set (JWKS)",
      ours: at(`${origin}/oidc/jwks`),
      limit: { name: "bytes from memory", ask: at(`${limit.url}/static`), aim: 0.8 },
      peer: { name: "oidc-provider in memory", ask: at(engine.jwks) },
    },
    {
      what: "page after sign-in",
      ours: () => ({ url: `${origin}/account/profile`, ...signedIn }),
      limit: { name: "an empty dynamic page", ask: at(`${app.url}/empty`), aim: 0.7 },
      peer: {
        name: "a page with Auth.js",
        ask: () => ({
          url: `${app.url}/signed-in`,
          headers: { cookie: `${AUTH_JS_COOKIE}=${authJs}` },
          status: 200,
        }),
      },
    },
    // The last, as its mails and events keep the program busy for a while.
    {
      what: "password sign-in",
      ours: (connection) => signIn(origin, accounts[connection % accounts.length]),
      limit: { name: "an argon2id verification", ask: at(`${limit.url}/verify`), aim: 0.9 },
      peer: {
        name: "Better Auth with argon2id",
        ask: () =>
          post(`${peer.url}/api/auth/sign-in/email`, {
            email: "bench@example.com",
            password: PASSWORD,
          }),
        aim: 1,
      },
    },
  ];
  try {
    printHead();
    const rows = [];
    for (const operation of operations) {
      const row = await compare(operation);
      printRow(row);
      rows.push(row);
    }
    return rows;
  } finally {
    for (const child of [limit, peer, app, engine]) child.stop();
  }
}

/** @typedef {{ email: string, device: string }} Account with the browser that it signs in by */

/**
 * From a browser that is known, as nearly all are: of another one its owner is told by mail.
 * @param {string} origin
 * @param {Account | undefined} account
 */
function signIn(origin, account) {
  if (account === undefined) throw new Error("there is no account");
  const { email, device } = account;
  const cookie = `gatehouse_device=${device}`;
  return post(`${origin}/api/v1/auth/login`, { email, password: PASSWORD }, { cookie });
}

/**
 * @param {string} url
 * @param {object} fields
 * @param {Record<string, string>} [headers]
 * @returns {import("./load.mjs").Ask}
 */
function post(url, fields, headers = {}) {
  const body = JSON.stringify(fields);
  return {
    url,
    method: "POST",
    headers: {
      ...headers,
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(body)),
      // Everybody from elsewhere, as budgets are kept for each network.
      "x-forwarded-for": `198.18.${Math.floor(Math.random() * 256)}.${Math.floor(Math.random() * 256)}`,
    },
    body,
    status: 200,
  };
}

/**
 * People with this password.
 * @param {string} databaseUrl
 * @param {string} passwordHash
 */
async function insertAccounts(databaseUrl, passwordHash) {
  /** @type {Account[]} */
  const accounts = [];
  for (let made = 0; made < ACCOUNTS; made += 1) {
    await insertSession(databaseUrl, async (client, userId) => {
      await client.query("INSERT INTO credentials_password (user_id, hash) VALUES ($1, $2)", [
        userId,
        passwordHash,
      ]);
      accounts.push({
        email: `${userId}@example.com`,
        device: randomBytes(32).toString("base64url"),
      });
    });
  }
  return accounts;
}
