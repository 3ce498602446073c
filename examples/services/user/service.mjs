import { createServer } from "node:http";
import { createGuard } from "@gatehouse/guard";
import { withAccess } from "@gatehouse/guard/node";
import { answer } from "../answer.mjs";

/**
 * @typedef {object} Own
 * @property {string} tokenEndpoint
 * @property {{ id: string, secret: string }} client a service account with the right `tokens:exchange`
 * @property {string} billing the address of the billing service, behind the gateway
 * @typedef {Own & import("../terms.mjs").Terms} Terms
 */

/**
 * A service behind the gateway that asks another one on behalf of who asked it. Its rule passes the
 * access token on; that is exchanged for one by which this service acts for the user (RFC 8693), and the
 * gateway in front of the other service judges it like any other request.
 * @param {Terms} terms
 */
export function userService({ issuer, audience, jwksUri, tokenEndpoint, client, billing }) {
  const guard = createGuard({
    issuer,
    assertions: { audience },
    ...(jwksUri && { keys: { uri: jwksUri } }),
  });
  const tellAccount = withAccess(guard, {}, async (request, response, { subject }) => {
    const [, token] = /^bearer (\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
    const owed = token && (await askBilling({ tokenEndpoint, client, billing }, token));
    return answer(response, 200, { service: "user", user: subject, billing: owed ?? null });
  });
  return createServer((request, response) => {
    tellAccount(request, response).catch(() =>
      answer(response, 502, { error: "the billing service did not answer" }),
    );
  });
}

/**
 * @param {Own} own
 * @param {string} subjectToken
 */
async function askBilling({ tokenEndpoint, client, billing }, subjectToken) {
  const exchanged = await fetch(tokenEndpoint, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString("base64")}`,
    },
    body: new URLSearchParams({
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: subjectToken,
      subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
      scope: "api:read",
    }),
  });
  if (!exchanged.ok) throw new Error(`the token was not exchanged: ${exchanged.status}`);
  const { access_token: accessToken } = await exchanged.json();
  const answered = await fetch(billing, { headers: { authorization: `Bearer ${accessToken}` } });
  if (!answered.ok) throw new Error(`billing answered ${answered.status}`);
  return answered.json();
}

if (import.meta.main) {
  const {
    PORT = "4001",
    ISSUER = "http://localhost:3000/oidc",
    AUDIENCE = "urn:example:user",
    CLIENT_ID = "",
    CLIENT_SECRET = "",
    BILLING_URL = "http://localhost:8080/billing/balance",
  } = process.env;
  userService({
    issuer: ISSUER,
    audience: AUDIENCE,
    tokenEndpoint: `${ISSUER}/token`,
    client: { id: CLIENT_ID, secret: CLIENT_SECRET },
    billing: BILLING_URL,
  }).listen(Number(PORT), "127.0.0.1");
}
