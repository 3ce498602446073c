import { createHash, randomBytes } from "node:crypto";
import { runCommandQuietly } from "../setup/command-line.mjs";
import { inRoot } from "../setup/paths.mjs";
import { startChild } from "./children.mjs";
import { insertSession } from "./session.mjs";

/** As many as there are refresh tokens: each connection spends its own, one after the other. */
const CONNECTIONS = 16;
const CALLBACK = "https://app.example/callback";

/**
 * @typedef {object} Issuer an authorization server that can be measured
 * @property {string} url
 * @property {string} resource
 * @property {string} authorization of the client that has users
 * @property {string} serviceAuthorization of the client that acts for itself
 * @property {string[]} accessTokens active ones, by a handle, one for each connection
 * @property {string[]} [structuredTokens] the same as JWTs; the engine alone knows none
 * @property {string[]} refreshTokens one for each connection
 */

/**
 * The grants that machines ask for, beside the same engine with nothing but a Map behind it: what
 * everything in PostgreSQL costs.
 * @param {{ origin: string, env: NodeJS.ProcessEnv, limit: string }} gatehouse
 */
export async function prepareTokenEngine({ origin, env, limit }) {
  const ours = await gatehouseIssuer(origin, env);
  /** @type {import("./children.mjs").Running<Issuer>} */
  const bare = await startChild(inRoot("scripts/bench/bare-issuer.mjs"), [String(CONNECTIONS)]);
  /** @type {import("./compare.mjs").Operation[]} */
  const operations = GRANTS.map(({ what, next, bound, aim }) => ({
    what,
    connections: CONNECTIONS,
    ours: (connection) => next(ours, connection),
    limit: { name: LIMITS[bound], ask: () => ({ url: `${limit}${bound}`, status: 200 }) },
    peer: { name: "oidc-provider in memory", ask: (connection) => next(bare, connection), aim },
  }));
  return { operations, jwks: `${bare.url}/jwks`, stop: bare.stop };
}

/** @type {Record<"/sign" | "/rotate" | "/select", string>} */
const LIMITS = {
  "/sign": "an ES256 signature",
  "/rotate": "three statements and a signature",
  "/select": "one prepared select",
};

/**
 * @type {{
 *   what: string,
 *   bound: keyof typeof LIMITS,
 *   aim?: number,
 *   next: (issuer: Issuer, connection: number) => import("./load.mjs").Ask,
 * }[]}
 */
const GRANTS = [
  {
    what: "client credentials, a JWT",
    bound: "/sign",
    aim: 0.8,
    next: (issuer) =>
      form({ ...issuer, authorization: issuer.serviceAuthorization }, "/token", {
        grant_type: "client_credentials",
        resource: issuer.resource,
        scope: "api:read",
      }),
  },
  {
    what: "refresh with rotation",
    bound: "/rotate",
    aim: 0.8,
    next: (issuer, connection) => ({
      ...form(issuer, "/token", {
        grant_type: "refresh_token",
        refresh_token: issuer.refreshTokens[connection] ?? "",
      }),
      answered: (body) => {
        issuer.refreshTokens[connection] = JSON.parse(body).refresh_token;
      },
    }),
  },
  {
    what: "introspection",
    bound: "/select",
    aim: 0.8,
    next: (issuer, connection) =>
      form(issuer, "/token/introspection", { token: issuer.accessTokens[connection] ?? "" }),
  },
  {
    what: "introspection of a JWT",
    bound: "/select",
    next: (issuer, connection) => {
      const { accessTokens, structuredTokens = accessTokens } = issuer;
      return form(issuer, "/token/introspection", { token: structuredTokens[connection] ?? "" });
    },
  },
];

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
 * Each connection has tokens of somebody else.
 * @param {string} origin
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Issuer>}
 */
async function gatehouseIssuer(origin, env) {
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
  /** @type {Record<"refreshTokens" | "structuredTokens" | "accessTokens", string[]>} */
  const tokens = { refreshTokens: [], structuredTokens: [], accessTokens: [] };
  for (let index = 0; index < CONNECTIONS; index += 1) {
    const cookie = `gatehouse_session=${await insertSession(env["DATABASE_URL"] ?? "")}`;
    const { refresh_token: refreshToken, access_token: structured } = await signIn({
      url,
      resource,
      cookie,
      ...web,
    });
    tokens.refreshTokens.push(refreshToken);
    tokens.structuredTokens.push(structured);
    tokens.accessTokens.push((await signIn({ url, cookie, ...web })).access_token);
  }
  const serviceAuthorization = basic(JSON.parse(service));
  return {
    url,
    resource,
    authorization: basic(web),
    serviceAuthorization,
    ...tokens,
  };
}

/** @param {{ clientId: string, secret: string }} client */
export const basic = ({ clientId, secret }) =>
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
