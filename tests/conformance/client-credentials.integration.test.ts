import { createRemoteJWKSet, customFetch, decodeProtectedHeader, jwtVerify } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { getConfig } from "@/lib/platform/config";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";

const send = serveMachinePaths();
const api = () => `${getConfig().origin}/api/v1`;
const service = (scopes: string[]) => aClient({ name: "Reports", kind: "service", scopes });

let id: string;
let secret: string;
let auth: { authorization: string };

beforeAll(async () => {
  const created = await service(["api:read"]);
  id = created.clientId;
  secret = created.secret;
  auth = { authorization: basic(id, secret) };
});

const grant = (fields: Record<string, string> = {}, headers: Record<string, string> = auth) =>
  post(send, "/token", { grant_type: "client_credentials", ...fields }, headers);

describe("metadata (OIDC Discovery, RFC 8414)", () => {
  test.each([
    "/oidc/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server/oidc",
  ])("%s names this issuer and nothing that does not work", async (path) => {
    const answer = await send(`${getConfig().origin}${path}`);
    expect(answer.status).toBe(200);
    const metadata = (await answer.json()) as Record<string, unknown>;
    expect(metadata).toMatchObject({
      issuer: `${getConfig().origin}/oidc`,
      response_types_supported: ["code"],
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
    });
    const grants = metadata["grant_types_supported"] as string[];
    expect(grants.toSorted()).toEqual([
      "authorization_code",
      "client_credentials",
      "refresh_token",
      "urn:ietf:params:oauth:grant-type:device_code",
      "urn:ietf:params:oauth:grant-type:token-exchange",
    ]);
    for (const [name, value] of Object.entries(metadata)) {
      if (!name.endsWith("_endpoint") && name !== "jwks_uri") continue;
      const byGet = ["jwks_uri", "authorization_endpoint", "userinfo_endpoint"].includes(name);
      const reached = await send(String(value), { method: byGet ? "GET" : "POST" });
      expect([name, reached.status]).not.toEqual([name, 404]);
    }
  });

  test("the keys are public parts only, and those that wait are among them", async () => {
    const answer = await send(`${getConfig().origin}/oidc/jwks`);
    const { keys } = (await answer.json()) as { keys: Record<string, unknown>[] };
    expect(keys.map(({ alg }) => alg).toSorted()).toEqual([
      "ES256",
      "ES256",
      "EdDSA",
      "EdDSA",
      "RS256",
      "RS256",
    ]);
    for (const key of keys) {
      for (const secretPart of ["d", "p", "q", "dp", "dq", "qi", "k"]) {
        expect(key[secretPart]).toBeUndefined();
      }
    }
  });
});

describe("client credentials (RFC 6749 §4.4)", () => {
  test.each([
    ["a wrong secret", { authorization: basic("ID", "x".repeat(43)) }, 401, "invalid_client"],
    ["the stored hash", { authorization: "HASH" }, 401, "invalid_client"],
    ["no secret", {}, 401, "invalid_client"],
    ["an unknown client", { authorization: basic("nobody", "x") }, 401, "invalid_client"],
  ] as [string, Record<string, string>, number, string][])(
    "%s is refused",
    async (_, headers, status, error) => {
      const { prisma } = await import("@/lib/platform/db/client");
      const row = await prisma().oidcClientSecret.findFirstOrThrow({ where: { clientId: id } });
      const hash = Buffer.from(row.hash).toString("base64url");
      const given = headers["authorization"];
      const authorization =
        given === "HASH"
          ? basic(id, hash)
          : given === basic("ID", "x".repeat(43))
            ? basic(id, "x".repeat(43))
            : given;
      const answer = await grant({}, authorization === undefined ? {} : { authorization });
      expect([answer.status, answer.body["error"]]).toEqual([status, error]);
    },
  );

  test.each(["password", "implicit", "authorization_code", "refresh_token"])(
    "a service gets nothing by the grant %s",
    async (grant_type) => {
      const answer = await grant({
        grant_type,
        username: "a",
        password: "b",
        code: "c",
        refresh_token: "d",
      });
      expect(answer.status).toBe(400);
      expect(answer.body["access_token"]).toBeUndefined();
    },
  );

  test("a token for the API is a signed JWT of RFC 9068 that names no permission", async () => {
    const answer = await grant({ resource: api(), scope: "api:read" });
    expect(answer.body).toMatchObject({ token_type: "Bearer", expires_in: 600, scope: "api:read" });
    expect(answer.headers.get("cache-control")).toContain("no-store");
    const jwt = String(answer.body["access_token"]);
    expect(decodeProtectedHeader(jwt)).toMatchObject({ typ: "at+jwt", alg: "ES256" });
    const keys = createRemoteJWKSet(new URL(`${getConfig().origin}/oidc/jwks`), {
      [customFetch]: send,
    });
    const { payload } = await jwtVerify(jwt, keys, {
      issuer: `${getConfig().origin}/oidc`,
      audience: api(),
      typ: "at+jwt",
    });
    expect(payload).toMatchObject({ client_id: id, sub: id });
    expect(Object.keys(payload).toSorted()).toEqual([
      "aud",
      "client_id",
      "exp",
      "iat",
      "iss",
      "jti",
      "scope",
      "sub",
    ]);
  });

  test.each(["https://elsewhere.example", "http://localhost:3000/api/v2", "not a uri"])(
    "a token for %s is refused (RFC 8707 §2)",
    async (resource) => {
      const answer = await grant({ resource, scope: "api:read" });
      expect([answer.status, answer.body["error"]]).toEqual([400, "invalid_target"]);
    },
  );

  test.each(["api:write", "nonsense", "openid api:write"])(
    "of %s nothing can be given, and the service is told so (RFC 6749 §5.2)",
    async (scope) => {
      const answer = await grant({ resource: api(), scope });
      expect([answer.status, answer.body["error"]]).toEqual([400, "invalid_scope"]);
    },
  );

  test("a scope of no resource is in no token", async () => {
    const answer = await grant({ scope: "api:read admin" });
    expect(Object.keys(answer.body)).toEqual(["access_token", "expires_in", "token_type"]);
  });

  test("a scope that the client was not given is not in the token", async () => {
    const answer = await grant({ resource: api(), scope: "api:read api:write" });
    expect(answer.body["scope"]).toBe("api:read");
  });
});

describe("introspection and revocation of a JWT (RFC 7662, RFC 7009)", () => {
  const introspect = (token: string, headers: Record<string, string> = auth) =>
    post(send, "/token/introspection", { token }, headers);
  const revoke = (token: string, headers: Record<string, string> = auth) =>
    post(send, "/token/revocation", { token }, headers);

  test("it is active until it is revoked, and not afterwards", async () => {
    const { body } = await grant({ resource: api(), scope: "api:read" });
    const token = String(body["access_token"]);
    expect((await introspect(token)).body).toMatchObject({
      active: true,
      client_id: id,
      aud: api(),
      scope: "api:read",
      token_type: "Bearer",
      jti: expect.any(String) as string,
    });
    expect((await revoke(token)).status).toBe(200);
    expect((await introspect(token)).body).toEqual({ active: false });
    expect((await revoke(token)).status).toBe(200);
  });

  test("another client neither learns of it nor ends it, unless it was given that", async () => {
    const { body } = await grant({ resource: api(), scope: "api:read" });
    const token = String(body["access_token"]);
    const other = await service([]);
    const theirs = { authorization: basic(other.clientId, other.secret) };
    expect((await introspect(token, theirs)).body).toEqual({ active: false });
    await revoke(token, theirs);
    expect((await introspect(token)).body).toMatchObject({ active: true });
    const gateway = await service(["tokens:introspect"]);
    const its = { authorization: basic(gateway.clientId, gateway.secret) };
    expect((await introspect(token, its)).body).toMatchObject({ active: true });
  });

  test("a forged one, its handle and nonsense are inactive (ATK-22)", async () => {
    const { body } = await grant({ resource: api(), scope: "api:read" });
    const token = String(body["access_token"]);
    const [header = "", payload = "", signature = ""] = token.split(".");
    const { jti } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { jti: string };
    const none = Buffer.from(JSON.stringify({ alg: "none", typ: "at+jwt" })).toString("base64url");
    for (const forged of [
      `${header}.${payload}.`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
      `jwt:${jti}`,
      jti,
      "a.b.c",
      "nonsense",
    ]) {
      expect([forged.slice(0, 20), (await introspect(forged)).body]).toEqual([
        forged.slice(0, 20),
        { active: false },
      ]);
    }
  });
});
