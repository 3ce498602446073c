import { generateKeyPair } from "jose";
import { beforeAll, expect, test } from "vitest";
import { signOut } from "@/lib/authn/sign-out";
import { answerDevice, findDevice } from "@/lib/oidc/device-requests";
import { getConfig } from "@/lib/platform/config";
import { pool } from "@/lib/platform/db/pool";
import { sessionCookieName } from "@/lib/sessions/current-principal";
import { aClient, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser, callerWith } from "@/tests/support/builders";
import { codeFlow, type FlowClient } from "@/tests/support/code-flow";
import { aProof, FOR_TOKEN } from "@/tests/support/possession";
import { aPkce, authorizationUrl, Browser, CALLBACK } from "@/tests/support/relying-party";

// A restart is the end of everything that was in memory, and of nothing else (ATK-21).

const send = serveMachinePaths();
let web: FlowClient;
let tv: FlowClient;
const flow = codeFlow(send, () => web);

beforeAll(async () => {
  web = await aClient({ name: "Shop", kind: "web", redirectUris: [CALLBACK] });
  tv = await aClient({ name: "TV", kind: "native" });
});

interface Issued {
  /** Whether it was good. */
  use(): Promise<boolean>;
  /** Of what is not used up by being used: ends it. */
  end?(): Promise<unknown>;
}

const aCookie = async () => aSession((await aUser()).id);
const hasCode = ({ searchParams }: URL) => searchParams.get("code") !== null;
const opens = async (path: string, headers: Record<string, string>) =>
  (await send(`${getConfig().origin}${path}`, { headers })).status === 200;

const KINDS: Record<string, () => Promise<Issued>> = {
  "a session": async () => {
    const cookie = await aCookie();
    return {
      use: () => opens("/api/v1/me", { cookie: `${sessionCookieName()}=${cookie}` }),
      end: async () => signOut(await callerWith(cookie)),
    };
  },
  "a code": async () => {
    const given = await flow.aCode(await aCookie());
    return { use: async () => (await flow.redeem(given)).status === 200 };
  },
  "an access token": async () => {
    const { accessToken: token } = await flow.tokens(await aCookie());
    return {
      use: () => opens("/oidc/me", { authorization: `Bearer ${token}` }),
      end: () => post(send, "/token/revocation", { token }, flow.auth()),
    };
  },
  "a refresh token": async () => {
    const { refreshToken } = await flow.tokens(await aCookie());
    return { use: async () => (await flow.refresh(refreshToken)).status === 200 };
  },
  "an interaction": async () => {
    const browser = new Browser(send, await aCookie());
    const asked = await browser.get(authorizationUrl(web.clientId, aPkce()));
    const here = new URL(asked.headers.get("location") ?? "", getConfig().origin);
    expect(here.pathname).toMatch(/^\/interaction\//);
    return { use: async () => hasCode(await browser.authorize(here.href)) };
  },
  "a pushed request": async () => {
    const browser = new Browser(send, await aCookie());
    const { body } = await post(
      send,
      "/request",
      Object.fromEntries(new URL(authorizationUrl(web.clientId, aPkce())).searchParams),
      flow.auth(),
    );
    const url = new URL(`${getConfig().origin}/oidc/auth`);
    url.searchParams.set("client_id", web.clientId);
    url.searchParams.set("request_uri", String(body["request_uri"]));
    return { use: async () => hasCode(await browser.authorize(url.href)) };
  },
  "a device's code": async () => {
    const caller = await callerWith(await aCookie());
    const client_id = tv.clientId;
    const { body } = await post(send, "/device/auth", { client_id, scope: "openid" });
    return {
      async use() {
        const found = await findDevice(caller, String(body["user_code"]));
        if (found.outcome === "found") await answerDevice(caller, found.handle, true);
        const { status } = await post(send, "/token", {
          grant_type: "urn:ietf:params:oauth:grant-type:device_code",
          device_code: String(body["device_code"]),
          client_id,
        });
        return status === 200;
      },
    };
  },
  "a proof of possession": async () => {
    const proof = await aProof(await generateKeyPair("ES256"), FOR_TOKEN());
    const codes = [await flow.aCode(await aCookie()), await flow.aCode(await aCookie())];
    return {
      async use() {
        const code = codes.pop();
        if (code === undefined) throw new Error("it was used twice already");
        return (await flow.redeem(code, {}, { ...flow.auth(), dpop: proof })).status === 200;
      },
    };
  },
};

/** One of each kind, by its name. */
async function issueAll(): Promise<[string, Issued][]> {
  const all: [string, Issued][] = [];
  for (const [kind, issue] of Object.entries(KINDS)) all.push([kind, await issue()]);
  return all;
}

async function goodOf(all: [string, Issued][]): Promise<string[]> {
  const good: string[] = [];
  for (const [kind, { use }] of all) if (await use()) good.push(kind);
  return good;
}

test("what was issued before a restart is good after it (ATK-21)", async () => {
  const issued = await issueAll();
  await send.restart();
  expect(await goodOf(issued)).toEqual(Object.keys(KINDS));
});

test("what was used up or ended before a restart stays so (ATK-21)", async () => {
  const issued = await issueAll();
  expect(await goodOf(issued)).toEqual(Object.keys(KINDS));
  for (const [, { end }] of issued) await end?.();
  // Past the window in which the same refresh is answered again (DEC-2).
  await pool().query(
    "UPDATE oidc_artifacts SET consumed_at = consumed_at - interval '11 seconds' WHERE consumed_at IS NOT NULL",
  );
  await send.restart();
  expect(await goodOf(issued)).toEqual([]);
});
