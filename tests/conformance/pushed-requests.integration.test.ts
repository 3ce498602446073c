import { describe, expect, test } from "vitest";
import { getConfig } from "@/lib/platform/config";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser } from "@/tests/support/builders";
import type { FlowClient } from "@/tests/support/code-flow";
import { aPkce, authorizationUrl, Browser, CALLBACK } from "@/tests/support/relying-party";

const send = serveMachinePaths();
const NATIVE_CALLBACK = "http://127.0.0.1/callback";

/** A client of each kind that signs people in. */
const KINDS: [string, (required: boolean) => Promise<FlowClient>, string][] = [
  ["a web app", (required) => one("web", CALLBACK, required), CALLBACK],
  ["a single-page app", (required) => one("single_page", CALLBACK, required), CALLBACK],
  ["a native app", (required) => one("native", NATIVE_CALLBACK, required), NATIVE_CALLBACK],
];

const one = (kind: "web" | "single_page" | "native", uri: string, required: boolean) =>
  aClient({ name: kind, kind, redirectUris: [uri], requirePushedRequests: required });

const aBrowser = async () => new Browser(send, await aSession((await aUser()).id));

describe("a client whose requests are pushed (RFC 9126 §6, F54)", () => {
  test.each(KINDS)("%s is refused what its browser brings", async (_, aClientOf, redirect_uri) => {
    const { clientId } = await aClientOf(true);
    const url = authorizationUrl(clientId, aPkce(), { redirect_uri });
    const end = await (await aBrowser()).authorize(url);
    expect(`${end.origin}${end.pathname}`).toBe(redirect_uri);
    expect(end.searchParams.get("error")).toBe("invalid_request");
    expect(end.searchParams.get("code")).toBeNull();
  });

  test.each(KINDS)("%s gets a code for what it has pushed", async (_, aClientOf, redirect_uri) => {
    const { clientId, secret } = await aClientOf(true);
    const pushed = await post(
      send,
      "/request",
      Object.fromEntries(
        new URL(authorizationUrl(clientId, aPkce(), { redirect_uri })).searchParams,
      ),
      secret === "" ? {} : { authorization: basic(clientId, secret) },
    );
    expect(pushed.status).toBe(201);
    const asked = new URLSearchParams({
      client_id: clientId,
      request_uri: String(pushed.body["request_uri"]),
    });
    const url = `${getConfig().origin}/oidc/auth?${asked.toString()}`;
    const end = await (await aBrowser()).authorize(url);
    expect(`${end.origin}${end.pathname}`).toBe(redirect_uri);
    expect(end.searchParams.get("code")).not.toBeNull();
  });

  test.each(KINDS)("%s that is not told to pushes nothing", async (_, aClientOf, redirect_uri) => {
    const { clientId } = await aClientOf(false);
    const url = authorizationUrl(clientId, aPkce(), { redirect_uri });
    const end = await (await aBrowser()).authorize(url);
    expect(end.searchParams.get("code")).not.toBeNull();
  });
});
