import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { exportJWK, generateKeyPair, type JWTPayload, jwtVerify, SignJWT } from "jose";

// A local identity provider that speaks Google's OpenID Connect and GitHub's
// OAuth. Who signs in, and which rule the provider breaks, is typed into its
// page, so that tests that run together share nothing.

const CLIENT = { id: "gatehouse-test", secret: "a-client-secret-that-only-tests-use" };

/** What the person says at the provider; `misbehave` is the provider's own doing. */
interface Consent {
  subject: string;
  email: string;
  verified: boolean;
  name: string;
  misbehave: string;
}

interface Code extends Consent {
  redirectUri: string;
  challenge: string;
  nonce: string | null;
}

export interface IdentityProvider {
  url: string;
  /** Configures a Gatehouse as this provider's client, under both names. */
  environment: Record<string, string>;
  stop: () => Promise<void>;
}

/** Starts the provider on a free port, on another host name than Gatehouse. */
export async function startIdentityProvider(): Promise<IdentityProvider> {
  const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: "test", alg: "RS256", use: "sig" };
  const codes = new Map<string, Code>();
  const people = new Map<string, Consent>();
  let issuer = "";

  const routes: Record<string, (exchange: Exchange) => Promise<void> | void> = {
    "GET /.well-known/openid-configuration": ({ json }) =>
      json(200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        userinfo_endpoint: `${issuer}/userinfo`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
        code_challenge_methods_supported: ["S256"],
        end_session_endpoint: `${issuer}/logout`,
      }),
    "GET /jwks": ({ json }) => json(200, { keys: [jwk] }),
    "GET /authorize": (exchange) => askForConsent(exchange),
    "GET /login/oauth/authorize": (exchange) => askForConsent(exchange),
    "POST /consent": async (exchange) => {
      const form = new URLSearchParams(await text(exchange.request));
      const redirectUri = form.get("redirect_uri") ?? "";
      const code = randomBytes(16).toString("hex");
      codes.set(code, { ...consentOf(form), redirectUri, ...proofsOf(form) });
      const target = new URL(redirectUri);
      target.searchParams.set("code", code);
      target.searchParams.set("state", form.get("state") ?? "");
      exchange.redirect(target.href);
    },
    "POST /token": async (exchange) => {
      const granted = await redeem(exchange, codes);
      if (granted === null) return;
      const accessToken = randomBytes(16).toString("hex");
      people.set(accessToken, granted);
      exchange.json(200, {
        access_token: accessToken,
        token_type: "Bearer",
        expires_in: 60,
        id_token: await new SignJWT({
          email: granted.email,
          email_verified: granted.verified,
          name: granted.name,
          nonce: granted.misbehave === "wrong nonce" ? "another" : granted.nonce,
          sid: `session-of-${granted.subject}`,
        })
          .setProtectedHeader({ alg: "RS256", kid: "test" })
          .setIssuer(issuer)
          .setAudience(granted.misbehave === "wrong audience" ? "another" : CLIENT.id)
          .setSubject(granted.subject)
          .setIssuedAt()
          .setExpirationTime("1m")
          .sign(privateKey),
      });
    },
    "GET /logout": async (exchange) => {
      const given = exchange.url.searchParams;
      const hint = await jwtVerify(given.get("id_token_hint") ?? "", publicKey, { issuer });
      const back = new URL(given.get("post_logout_redirect_uri") ?? "");
      back.searchParams.set("state", given.get("state") ?? "");
      exchange.html(`<!doctype html><html lang="en"><title>Upstream</title><main>
        <h1>Signed out upstream</h1><p>${escaped(hint.payload.sub ?? "")}</p>
        <a href="${escaped(back.href)}">Go back</a></main></html>`);
    },
    // Not a provider's: what a test wants signed, right or wrong.
    "POST /sign": async (exchange) => {
      const { header, claims } = JSON.parse(await text(exchange.request)) as {
        header: Record<string, string>;
        claims: JWTPayload;
      };
      const token = new SignJWT(claims).setProtectedHeader({
        alg: "RS256",
        kid: "test",
        ...header,
      });
      exchange.json(200, { token: await token.sign(privateKey) });
    },
    "POST /login/oauth/access_token": async (exchange) => {
      const granted = await redeem(exchange, codes);
      if (granted === null) return;
      const accessToken = randomBytes(16).toString("hex");
      people.set(accessToken, granted);
      exchange.json(200, { access_token: accessToken, token_type: "bearer", scope: "user:email" });
    },
    "GET /api/v3/user": (exchange) => {
      const person = personOf(exchange, people);
      if (person === undefined) return;
      // The public address is no proof of anything, so it is a wrong one here.
      const email = `public-${person.email}`;
      exchange.json(200, { id: Number(person.subject), login: "octo", name: person.name, email });
    },
    "GET /api/v3/user/emails": (exchange) => {
      const person = personOf(exchange, people);
      if (person === undefined) return;
      exchange.json(200, [
        { email: `other-${person.email}`, primary: false, verified: true },
        { email: person.email, primary: true, verified: person.verified },
      ]);
    },
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const exchange = exchangeOf(request, response, url);
    const route = routes[`${request.method} ${url.pathname}`];
    if (!route) return exchange.json(404, { error: "not_found" });
    Promise.resolve(route(exchange)).catch((error: unknown) => {
      exchange.json(500, { error: String(error) });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: issuer,
    environment: {
      AUTH_GOOGLE_ID: CLIENT.id,
      AUTH_GOOGLE_SECRET: CLIENT.secret,
      AUTH_GOOGLE_ISSUER: issuer,
      // What administrators set up in tests is on this machine, too.
      OUTBOUND_ALLOWED_HOSTS: "127.0.0.1",
      AUTH_GITHUB_ID: CLIENT.id,
      AUTH_GITHUB_SECRET: CLIENT.secret,
      AUTH_GITHUB_BASE_URL: issuer,
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Exchange = ReturnType<typeof exchangeOf>;

const exchangeOf = (request: IncomingMessage, response: ServerResponse, url: URL) => ({
  request,
  url,
  json: (status: number, value: unknown) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  },
  html: (markup: string) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(markup);
  },
  redirect: (location: string) => {
    response.writeHead(303, { location });
    response.end();
  },
});

const escaped = (value: string): string =>
  value.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** RFC 6749 §4.1.1 and RFC 7636 §4.3: a client that leaves its protection out is not served. */
function askForConsent({ url, json, html }: Exchange): void {
  const given = url.searchParams;
  const complete =
    given.get("response_type") === "code" &&
    given.get("client_id") === CLIENT.id &&
    given.get("code_challenge_method") === "S256" &&
    /^[\w-]{43}$/.test(given.get("code_challenge") ?? "") &&
    (given.get("state") ?? "") !== "" &&
    (url.pathname.startsWith("/login/oauth") || (given.get("nonce") ?? "") !== "");
  if (!complete) return json(400, { error: "invalid_request" });
  const hidden = ["redirect_uri", "state", "nonce", "code_challenge"]
    .map((name) => `<input type="hidden" name="${name}" value="${escaped(given.get(name) ?? "")}">`)
    .join("");
  html(`<!doctype html><html lang="en"><title>Upstream</title><main><h1>Upstream</h1>
    <form method="post" action="/consent">${hidden}
      <label>Subject <input name="subject"></label>
      <label>Email <input name="email"></label>
      <label>Name <input name="name" value="Upstream Person"></label>
      <label>Verified <input type="checkbox" name="verified" checked></label>
      <label>Misbehave <input name="misbehave"></label>
      <button>Continue</button>
    </form></main></html>`);
}

const consentOf = (form: URLSearchParams): Consent => ({
  subject: form.get("subject") ?? "",
  email: form.get("email") ?? "",
  name: form.get("name") ?? "",
  verified: form.has("verified"),
  misbehave: form.get("misbehave") ?? "",
});

const proofsOf = (form: URLSearchParams) => ({
  challenge: form.get("code_challenge") ?? "",
  nonce: form.get("nonce"),
});

/**
 * Answers a wrong redemption itself and returns null: unknown or used code,
 * another redirect URI, a wrong client secret, a verifier that does not fit
 * (RFC 7636 §4.6).
 */
async function redeem({ request, json }: Exchange, codes: Map<string, Code>): Promise<Code | null> {
  const form = new URLSearchParams(await text(request));
  const basic = Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString("base64");
  if (request.headers.authorization !== `Basic ${basic}`) {
    json(401, { error: "invalid_client" });
    return null;
  }
  const key = form.get("code") ?? "";
  const code = codes.get(key);
  codes.delete(key);
  const challenge = createHash("sha256")
    .update(form.get("code_verifier") ?? "")
    .digest("base64url");
  if (
    code === undefined ||
    form.get("grant_type") !== "authorization_code" ||
    form.get("redirect_uri") !== code.redirectUri ||
    challenge !== code.challenge
  ) {
    json(400, { error: "invalid_grant" });
    return null;
  }
  return code;
}

function personOf({ request, json }: Exchange, people: Map<string, Consent>): Consent | undefined {
  const token = /^Bearer (\w+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
  const person = people.get(token);
  if (person === undefined) json(401, { message: "Bad credentials" });
  return person;
}
