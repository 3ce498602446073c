import { readFileSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { aClient, serveMachinePaths } from "@/tests/support/authorization-server";
import { aUser, type TestUser } from "@/tests/support/builders";
import { HOST, RULES_FILE, rawGet, TOKEN } from "@/tests/support/gateway";
import {
  aFreePort,
  isInstalled,
  PROXIES,
  type RunningProxy,
  startProxy,
} from "@/tests/support/proxies";
import { billingService } from "../../examples/services/billing/service.mjs";
import { userService } from "../../examples/services/user/service.mjs";

// The two services of examples/ behind each proxy of deploy/: one asks the other on behalf of whoever asked it.

const SHIPPED = "examples/services/gateway-rules.json";
const send = serveMachinePaths();
const ports = Object.fromEntries(
  await Promise.all(PROXIES.map(async (name) => [name, await aFreePort()])),
) as Record<(typeof PROXIES)[number], number>;

// The shipped rules, also for the address by which one service reaches the other in a test.
const { rules } = JSON.parse(readFileSync(SHIPPED, "utf8")) as { rules: { name: string }[] };
const more = Object.values(ports).flatMap((port) =>
  rules.map((rule) => ({ ...rule, name: `${rule.name}-${port}`, host: `127.0.0.1:${port}` })),
);
writeFileSync(RULES_FILE, JSON.stringify({ rules: [...rules, ...more] }));

let user: TestUser;
let client: { clientId: string; secret: string };
let accessToken: string;

beforeAll(async () => {
  user = await aUser({ roles: ["User"] });
  client = await aClient({
    name: "User service",
    kind: "service",
    scopes: ["api:read", "tokens:exchange"],
  });
  const answer = await send(`${getConfig().origin}/api/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: getConfig().origin },
    body: JSON.stringify({ email: user.email, password: user.password }),
  });
  ({ access_token: accessToken } = (await answer.json()) as { access_token: string });
});

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
};

describe.each(PROXIES)("behind %s", (name) => {
  let proxy: RunningProxy;
  let stop = async (): Promise<void> => {};
  const servers: Server[] = [];
  const installed = isInstalled(name);

  beforeAll(async () => {
    if (!installed) return;
    // Where the issuer's keys and tokens are in this test; outside of one, at the issuer itself.
    const issuer = `${getConfig().origin}/oidc`;
    const reached = `http://127.0.0.1:${send.port()}/oidc`;
    const keys = { issuer, jwksUri: `${reached}/jwks` };
    servers.push(
      billingService({ ...keys, audience: "urn:example:billing" }),
      userService({
        ...keys,
        audience: "urn:example:user",
        tokenEndpoint: `${reached}/token`,
        client: { id: client.clientId, secret: client.secret },
        billing: `http://127.0.0.1:${ports[name]}/billing/balance`,
      }),
    );
    const [servicePort = 0, userPort = 0] = await Promise.all(servers.map(listening));
    proxy = await startProxy(name, {
      gatehousePort: send.port(),
      servicePort,
      userPort,
      token: TOKEN,
      port: ports[name],
    });
    stop = proxy.stop;
  });
  afterAll(async () => {
    await stop();
    for (const server of servers) server.close();
  });

  const ask = (target: string, headers: Record<string, string> = {}) =>
    rawGet(proxy.port, target, { host: HOST, ...headers });

  test("a service asks another one for its user, and the other one knows for whom and by whom", async ({
    skip,
  }) => {
    skip(!installed, `needs ${name}`);
    const answer = await ask("/user/me", { authorization: `Bearer ${accessToken}` });
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        service: "user",
        user: user.id,
        billing: { service: "billing", owes: 0, user: user.id, by: client.clientId },
      },
    ]);
  });

  test("a service believes nobody who comes past the gateway", async ({ skip }) => {
    skip(!installed, `needs ${name}`);
    const [port = 0] = servers.map((server) => (server.address() as AddressInfo).port);
    const claims: Record<string, string>[] = [
      {},
      { "gatehouse-assertion": accessToken },
      { "x-auth-user": user.id },
    ];
    for (const headers of claims) {
      expect((await rawGet(port, "/billing/balance", headers)).status).toBe(401);
    }
  });

  test("an assertion for one service opens no other one, and no other address of its own", async ({
    skip,
  }) => {
    skip(!installed, `needs ${name}`);
    const answer = await rawGet(send.port(), "/api/gateway/authorize", {
      "gatehouse-gateway-token": TOKEN,
      "x-forwarded-method": "GET",
      "x-forwarded-proto": "http",
      "x-forwarded-host": HOST,
      "x-forwarded-uri": "/billing/balance",
      authorization: `Bearer ${accessToken}`,
    });
    const headers = { "gatehouse-assertion": answer.headers.get("gatehouse-assertion") ?? "" };
    const [billing, other] = servers.map((server) => (server.address() as AddressInfo).port);
    expect((await rawGet(billing ?? 0, "/billing/balance", headers)).status).toBe(200);
    expect((await rawGet(billing ?? 0, "/billing/other", headers)).status).toBe(401);
    expect((await rawGet(billing ?? 0, "/billing/balance", headers, "POST")).status).toBe(401);
    expect((await rawGet(other ?? 0, "/billing/balance", headers)).status).toBe(401);
  });
});

test("what a user loses, whoever acts for them loses at the next request", async () => {
  const ask = () =>
    rawGet(send.port(), "/api/gateway/authorize", {
      "gatehouse-gateway-token": TOKEN,
      "x-forwarded-method": "GET",
      "x-forwarded-proto": "http",
      "x-forwarded-host": HOST,
      "x-forwarded-uri": "/billing/balance",
      authorization: `Bearer ${accessToken}`,
    });
  expect((await ask()).status).toBe(200);
  await prisma().userRole.deleteMany({ where: { userId: user.id } });
  expect((await ask()).status).toBe(403);
});
