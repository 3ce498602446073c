import { fork } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { runCommandQuietly } from "../setup/command-line.mjs";
import { inRoot } from "../setup/paths.mjs";
import { print } from "../setup/progress.mjs";
import { requestsPerSecond } from "./load.mjs";

/** As many as there are refresh tokens: each connection spends its own, one after the other. */
const CONNECTIONS = 16;
const CALLBACK = "https://app.example/callback";
const ROUNDS = 2;

/**
 * @typedef {object} Issuer an authorization server that can be measured
 * @property {string} url
 * @property {string} resource
 * @property {string} authorization of the client that has users
 * @property {string} serviceAuthorization of the client that acts for itself
 * @property {string} accessToken one that is active, by a handle
 * @property {string} [structuredToken] one that is active and a JWT; the engine alone knows none
 * @property {string[]} refreshTokens one for each connection
 */

/**
 * Measures the grants that machines ask for, beside the same engine with nothing but a Map behind
 * it: what everything in PostgreSQL costs. One Node process each, in turns.
 * @param {{ origin: string, cookie: string, env: NodeJS.ProcessEnv }} gatehouse
 */
export async function measureTokenEngine({ origin, cookie, env }) {
  const ours = await gatehouseIssuer(origin, cookie, env);
  const bare = await startBareIssuer();
  try {
    print(
      "\n| token engine, one process | answers a second | oidc-provider in memory | ratio |\n|--|--:|--:|--:|",
    );
    for (const [what, next] of Object.entries(GRANTS)) {
      const rates = { ours: 0, bare: 0 };
      for (let round = 0; round < ROUNDS; round += 1) {
        rates.bare += (await rateOf(next, bare.issuer)) / ROUNDS;
        rates.ours += (await rateOf(next, ours)) / ROUNDS;
      }
      const ratio = (rates.ours / rates.bare).toFixed(2);
      print(`| ${what} | ${Math.round(rates.ours)} | ${Math.round(rates.bare)} | ${ratio} |`);
    }
  } finally {
    bare.stop();
  }
}

/** @type {Record<string, (issuer: Issuer, connection: number) => import("./load.mjs").Ask>} */
const GRANTS = {
  "client credentials": (issuer) =>
    form({ ...issuer, authorization: issuer.serviceAuthorization }, "/token", {
      grant_type: "client_credentials",
      resource: issuer.resource,
      scope: "api:read",
    }),
  refresh: (issuer, connection) => ({
    ...form(issuer, "/token", {
      grant_type: "refresh_token",
      refresh_token: issuer.refreshTokens[connection] ?? "",
    }),
    answered: (body) => {
      issuer.refreshTokens[connection] = JSON.parse(body).refresh_token;
    },
  }),
  introspection: (issuer) => form(issuer, "/token/introspection", { token: issuer.accessToken }),
  "introspection of a JWT": ({ structuredToken, ...issuer }) =>
    form(issuer, "/token/introspection", { token: structuredToken ?? issuer.accessToken }),
};

/**
 * @param {typeof GRANTS[string]} next
 * @param {Issuer} issuer
 */
const rateOf = (next, issuer) =>
  requestsPerSecond((connection) => next(issuer, connection), { connections: CONNECTIONS });

/**
 * @param {Issuer} issuer
 * @param {string} path
 * @param {Record<string, string>} fields
 */
function form({ url, authorization }, path, fields) {
  const body = new URLSearchParams(fields).toString();
  return {
    url: `${url}${path}`,
    method: "POST",
    headers: {
      authorization,
      "content-type": "application/x-www-form-urlencoded",
      "content-length": String(body.length),
    },
    body,
    status: 200,
  };
}

/**
 * @param {string} origin
 * @param {string} cookie
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Issuer>}
 */
async function gatehouseIssuer(origin, cookie, env) {
  const created = await runCommandQuietly(
    [
      "client",
      "create",
      "Bench",
      "--kind",
      "web",
      "--first-party",
      "--json",
      "--redirect-uri",
      CALLBACK,
      "--scope",
      "api:read",
    ],
    env,
  );
  const service = await runCommandQuietly(
    ["client", "create", "Bench", "--kind", "service", "--json", "--scope", "api:read"],
    env,
  );
  const url = `${origin}/oidc`;
  const resource = `${env["APP_URL"]}/api/v1`;
  const web = JSON.parse(created);
  const refreshTokens = [];
  for (let index = 0; index < CONNECTIONS; index += 1) {
    refreshTokens.push((await signIn({ url, resource, cookie, ...web })).refresh_token);
  }
  const { access_token: structuredToken } = await signIn({ url, resource, cookie, ...web });
  const { access_token: accessToken } = await signIn({ url, cookie, ...web });
  const serviceAuthorization = basic(JSON.parse(service));
  return {
    url,
    resource,
    authorization: basic(web),
    serviceAuthorization,
    accessToken,
    structuredToken,
    refreshTokens,
  };
}

/** @param {{ clientId: string, secret: string }} client */
const basic = ({ clientId, secret }) =>
  `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}`;

/**
 * The code flow of somebody who is signed in and asked for nothing.
 * @param {{ url: string, resource?: string, cookie: string, clientId: string, secret: string }} client
 */
async function signIn({ url, resource, cookie, clientId, secret }) {
  const verifier = randomBytes(32).toString("base64url");
  const asked = new URL(`${url}/auth`);
  asked.search = new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    redirect_uri: CALLBACK,
    scope: resource ? "openid offline_access api:read" : "openid",
    ...(resource && { resource }),
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  }).toString();
  const answer = await fetch(asked, { headers: { cookie }, redirect: "manual" });
  const code = new URL(answer.headers.get("location") ?? url).searchParams.get("code") ?? "";
  const fields = { grant_type: "authorization_code", redirect_uri: CALLBACK, code };
  const redeemed = await fetch(`${url}/token`, {
    method: "POST",
    headers: { authorization: basic({ clientId, secret }) },
    body: new URLSearchParams({
      ...fields,
      ...(resource && { resource }),
      code_verifier: verifier,
    }),
  });
  if (!redeemed.ok) throw new Error(`the code flow answered ${await redeemed.text()}`);
  return redeemed.json();
}

/** @returns {Promise<{ issuer: Issuer, stop: () => void }>} */
function startBareIssuer() {
  const child = fork(inRoot("scripts/bench/bare-issuer.mjs"), [String(CONNECTIONS)], {
    env: { PATH: process.env["PATH"], NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the bare issuer ended with ${code}`)));
    child.once("message", (issuer) =>
      resolve({ issuer: /** @type {Issuer} */ (issuer), stop: () => child.kill() }),
    );
  });
}
