import * as oauth from "oauth4webapi";
import { describe, expect, test } from "vitest";
import { getConfig } from "@/lib/platform/config";
import { serveMachinePaths } from "@/tests/support/authorization-server";

const send = serveMachinePaths();
const METADATA = "/.well-known/oauth-protected-resource/api/v1";
const resource = () => new URL(`${getConfig().origin}/api/v1`);

describe("what the API says of itself (RFC 9728 §3, F69)", () => {
  test("oauth4webapi finds it and takes it for the resource's own", async () => {
    const answer = await oauth.resourceDiscoveryRequest(resource(), {
      [oauth.customFetch]: (url, init) => send(url, init),
      [oauth.allowInsecureRequests]: true,
    });
    const metadata = await oauth.processResourceDiscoveryResponse(resource(), answer);
    expect(metadata).toEqual({
      resource: `${getConfig().origin}/api/v1`,
      resource_name: "Gatehouse API",
      resource_documentation: `${getConfig().origin}/developers`,
      authorization_servers: [`${getConfig().origin}/oidc`],
      scopes_supported: ["api:read", "api:write"],
      bearer_methods_supported: ["header"],
      dpop_signing_alg_values_supported: ["ES256", "EdDSA", "Ed25519"],
    });
  });

  test("the server that it names is one, and gives tokens for these scopes", async () => {
    const answer = await send(`${getConfig().origin}${METADATA}`);
    const { authorization_servers } = (await answer.json()) as { authorization_servers: string[] };
    const issuer = new URL(authorization_servers[0] ?? "");
    const found = await oauth.discoveryRequest(issuer, {
      algorithm: "oauth2",
      [oauth.customFetch]: (url, init) => send(url, init),
      [oauth.allowInsecureRequests]: true,
    });
    expect((await oauth.processDiscoveryResponse(issuer, found)).issuer).toBe(issuer.href);
  });

  test.each(["x-forwarded-host", "forwarded", "host"])(
    "it names nothing that the header %s says (ATK-36)",
    async (name) => {
      const value = name === "forwarded" ? "host=evil.example" : "evil.example";
      const answer = await send(`${getConfig().origin}${METADATA}`, { headers: { [name]: value } });
      expect(await answer.text()).not.toContain("evil");
    },
  );

  test("it is read by pages of any origin, and only read", async () => {
    const answer = await send(`${getConfig().origin}${METADATA}`);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    for (const method of ["POST", "PUT", "DELETE"]) {
      expect((await send(`${getConfig().origin}${METADATA}`, { method })).status).toBe(405);
    }
    expect((await send(`${getConfig().origin}${METADATA}/me`)).status).toBe(404);
  });
});

describe("a refusal says where to look (RFC 9728 §5.1)", () => {
  const pointer = () => `resource_metadata="${getConfig().origin}${METADATA}"`;

  test.each<[string, Record<string, string>, string]>([
    ["without anything", {}, "Bearer "],
    ["with a bad token", { authorization: "Bearer nonsense" }, 'Bearer error="invalid_token", '],
    [
      "with a bad bound token",
      { authorization: "DPoP nonsense" },
      'DPoP error="invalid_token", algs="ES256 EdDSA Ed25519", ',
    ],
  ])("%s", async (_, headers, before) => {
    const answer = await send(`${getConfig().origin}/api/v1/me`, { headers });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe(`${before}${pointer()}`);
  });

  test("an answer that refuses nobody says nothing of it", async () => {
    const answer = await send(`${getConfig().origin}/api/v1/none`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get("www-authenticate")).toBeNull();
  });
});
