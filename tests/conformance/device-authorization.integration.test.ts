import { decodeJwt } from "jose";
import * as oidc from "openid-client";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { signOut } from "@/lib/authn/sign-out";
import { answerDevice, findDevice, findDeviceStep } from "@/lib/oidc/device-requests";
import { changeClient } from "@/lib/oidc/manage-clients";
import { purgeOidc } from "@/lib/oidc/purge-oidc";
import { apiResource } from "@/lib/oidc/scopes";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aCaller, aRequest, callerOf } from "@/tests/support/builders";
import { race } from "@/tests/support/race";
import { CALLBACK } from "@/tests/support/relying-party";
import { aCallerHolding } from "@/tests/support/roles";

const send = serveMachinePaths();
const GRANT = "urn:ietf:params:oauth:grant-type:device_code";

let tv: string;
let caller: Caller;

beforeAll(async () => {
  ({ clientId: tv } = await aClient({ name: "TV", kind: "native", scopes: ["api:read"] }));
});
beforeEach(async () => {
  caller = await aCaller();
});

interface Device {
  deviceCode: string;
  userCode: string;
  body: Record<string, unknown>;
}

async function aDevice(parameters: Record<string, string> = {}, client = tv): Promise<Device> {
  const { status, body } = await post(send, "/device/auth", {
    client_id: client,
    scope: "openid",
    ...parameters,
  });
  expect(status).toBe(200);
  return { deviceCode: String(body["device_code"]), userCode: String(body["user_code"]), body };
}

const poll = (deviceCode: string, client = tv) =>
  post(send, "/token", { grant_type: GRANT, device_code: deviceCode, client_id: client });

/** As if the device had waited long enough. */
const waited = () =>
  prisma().oidcDeviceRequest.updateMany({ data: { polledAt: new Date(Date.now() - 3_600_000) } });

async function handleOf(userCode: string, as = caller): Promise<string> {
  const found = await findDevice(as, userCode);
  if (found.outcome !== "found") throw new Error(found.outcome);
  return found.handle;
}

async function allow(userCode: string, as = caller): Promise<void> {
  const answer = await answerDevice(as, await handleOf(userCode, as), true);
  expect(answer.outcome).toBe("answered");
}

test("who was asked before its client was led elsewhere allows nothing (ATK-27)", async () => {
  const { clientId } = await aClient({ name: "TV", kind: "native", scopes: ["api:read"] });
  const { userCode } = await aDevice({}, clientId);
  const handle = await handleOf(userCode);
  const delegate = await aCallerHolding({ view_clients: "all", manage_clients: "all" });
  const change = { redirectUris: ["com.evil.example:/callback"] };
  expect(await changeClient(delegate, clientId, change, null)).toMatchObject({
    outcome: "changed",
  });
  expect(await answerDevice(caller, handle, true)).toMatchObject({ reason: "gone" });
  expect(await prisma().oidcGrant.count({ where: { clientId } })).toBe(0);
});

describe("the request of a device (RFC 8628 §3.1)", () => {
  test("a client without this grant is refused", async () => {
    const web = await aClient({ name: "Web", kind: "web", redirectUris: [CALLBACK] });
    const auth = { authorization: basic(web.clientId, web.secret) };
    const { status, body } = await post(send, "/device/auth", { scope: "openid" }, auth);
    expect([status, body["error"]]).toEqual([400, "invalid_request"]);
    const app = await aClient({ name: "Page", kind: "single_page", redirectUris: [CALLBACK] });
    const asked = await post(send, "/device/auth", { client_id: app.clientId, scope: "openid" });
    expect(asked.body["error"]).toBe("invalid_request");
  });

  test("an unknown client, a scope that it may not have, a resource that it has no business with", async () => {
    const ask = (fields: Record<string, string>) =>
      post(send, "/device/auth", { client_id: tv, scope: "openid", ...fields });
    expect((await ask({ client_id: "nobody" })).body["error"]).toBe("invalid_client");
    expect((await ask({ resource: "https://elsewhere.example" })).body["error"]).toBe(
      "invalid_target",
    );
    expect((await ask({ max_age: "-1" })).body["error"]).toBe("invalid_request");
  });

  test("the answer has what the device shows, and neither code is stored in clear", async () => {
    const { body, deviceCode, userCode } = await aDevice();
    const page = `${getConfig().origin}/device`;
    expect(body).toEqual({
      device_code: expect.stringMatching(/^.{43,}$/) as string,
      user_code: expect.stringMatching(
        /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/,
      ) as string,
      verification_uri: page,
      verification_uri_complete: `${page}?user_code=${userCode}`,
      expires_in: 600,
      interval: 5,
    });
    const stored = JSON.stringify(await prisma().oidcArtifact.findMany());
    for (const secret of [deviceCode, userCode, userCode.replace("-", "")]) {
      expect(stored).not.toContain(secret);
    }
  });

  test.each(["GET", "POST"])("the engine's own pages answer 404 to %s", async (method) => {
    for (const path of [
      "/device",
      "/device/",
      "/Device",
      "/device/some-uid",
      "/device?user_code=A",
    ]) {
      const answer = await send(`${getConfig().origin}/oidc${path}`, { method });
      expect(answer.status).toBe(404);
    }
  });
});

describe("what the device is told (RFC 8628 §3.5)", () => {
  test("authorization_pending, then slow_down with a longer interval each time", async () => {
    const { deviceCode } = await aDevice();
    const first = await poll(deviceCode);
    expect([first.status, first.body["error"]]).toEqual([400, "authorization_pending"]);
    expect(first.headers.get("cache-control")).toBe("no-store");
    for (const interval of [10, 15, 20]) {
      const again = await poll(deviceCode);
      expect([again.status, again.body["error"]]).toEqual([400, "slow_down"]);
      expect(
        await prisma().oidcDeviceRequest.findFirst({
          orderBy: { polledAt: { sort: "desc", nulls: "last" } },
        }),
      ).toMatchObject({ intervalSeconds: interval });
    }
    await waited();
    expect((await poll(deviceCode)).body["error"]).toBe("authorization_pending");
  });

  test("of fifty at once one is a question, and the others come too soon", async () => {
    const { deviceCode } = await aDevice();
    const errors = (await race(50, () => poll(deviceCode))).map(({ body }) => body["error"]);
    expect(errors.filter((error) => error === "authorization_pending")).toHaveLength(1);
    expect(errors.filter((error) => error === "slow_down")).toHaveLength(49);
  });

  test("access_denied once it was refused, and nothing after that", async () => {
    const { deviceCode, userCode } = await aDevice();
    expect((await answerDevice(caller, await handleOf(userCode), false)).outcome).toBe("answered");
    expect((await poll(deviceCode)).body["error"]).toBe("access_denied");
    expect((await poll(deviceCode)).body["error"]).toBe("invalid_grant");
    expect(await prisma().oidcGrant.count({ where: { userId: caller.principal.userId } })).toBe(0);
  });

  test("expired_token also after a purge, for an hour; then the code is unknown", async () => {
    const { deviceCode, userCode } = await aDevice();
    const past = Math.floor(Date.now() / 1000) - 60;
    const expire = (at: Date) =>
      prisma().$executeRaw`UPDATE oidc_artifacts SET expires_at = ${at},
        payload = payload || jsonb_build_object('exp', ${past}::int)
        WHERE kind = 'DeviceCode' AND NOT payload ? 'accountId'`;
    await expire(new Date(past * 1000));
    await purgeOidc();
    expect((await poll(deviceCode)).body["error"]).toBe("expired_token");
    expect((await findDevice(caller, userCode)).outcome).toBe("rejected");
    await expire(new Date(Date.now() - 3_700_000));
    await purgeOidc();
    expect((await poll(deviceCode)).body["error"]).toBe("invalid_grant");
  });

  test("another client's device code is worth nothing", async () => {
    const other = await aClient({ name: "Other TV", kind: "native" });
    const { deviceCode, userCode } = await aDevice();
    await allow(userCode);
    expect((await poll(deviceCode, other.clientId)).body["error"]).toBe("invalid_grant");
    expect((await poll(deviceCode)).status).toBe(200);
    expect((await poll("no-such-code")).body["error"]).toBe("invalid_grant");
  });
});

describe("one answer for each code (ATK-29, DEC-1)", () => {
  test("fifty answers at once are one, and grant one thing", async () => {
    const { userCode } = await aDevice();
    const people = await Promise.all(
      [caller, await aCaller(), await aCaller()].map(async (as) => ({
        as,
        handle: await handleOf(userCode, as),
      })),
    );
    const answers = await race(50, async (index) => {
      const { as, handle } = people[index % 3] ?? people[0] ?? { as: caller, handle: "" };
      return answerDevice(as, handle, true);
    });
    expect(answers.filter(({ outcome }) => outcome === "answered")).toHaveLength(1);
    const owners = people.map(({ as }) => as.principal.userId);
    expect(await prisma().oidcGrant.count({ where: { userId: { in: owners } } })).toBe(1);
  });

  test("an answered code is found by nobody any more", async () => {
    const { userCode } = await aDevice();
    const handle = await handleOf(userCode);
    await allow(userCode);
    expect((await findDevice(await aCaller(), userCode)).outcome).toBe("rejected");
    expect(await findDeviceStep(caller, handle)).toEqual({ step: "unknown" });
    expect((await answerDevice(caller, handle, false)).outcome).toBe("rejected");
  });

  test("of fifty redemptions of one device code at most one counts", async () => {
    const { deviceCode, userCode } = await aDevice();
    await allow(userCode);
    const answers = await race(50, () => poll(deviceCode));
    // Whoever comes second takes back what the first one is about to get.
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    const errors = answers.flatMap(({ status, body }) => (status === 200 ? [] : [body["error"]]));
    expect(new Set(errors)).toEqual(new Set(["invalid_grant"]));
  });

  test("a handle is worth something to the session that typed the code, and to no other", async () => {
    const { userCode } = await aDevice();
    const handle = await handleOf(userCode);
    for (const other of [await aCaller(), await callerOf(caller.principal.userId)]) {
      expect(await findDeviceStep(other, handle)).toEqual({ step: "unknown" });
      expect((await answerDevice(other, handle, true)).outcome).toBe("rejected");
    }
    for (const forged of ["", "AAAA", userCode, handle.slice(0, -2)]) {
      expect(await findDeviceStep(caller, forged)).toEqual({ step: "unknown" });
    }
  });

  test("whoever is signed out meanwhile answers nothing", async () => {
    const { deviceCode, userCode } = await aDevice();
    const handle = await handleOf(userCode);
    await signOut(caller);
    expect((await answerDevice(caller, handle, true)).outcome).toBe("rejected");
    expect((await poll(deviceCode)).body["error"]).toBe("authorization_pending");
  });

  test("an approval ends with the session that gave it", async () => {
    const { deviceCode, userCode } = await aDevice();
    await allow(userCode);
    await signOut(caller);
    expect((await poll(deviceCode)).body["error"]).toBe("invalid_grant");
  });
});

describe("what a person types", () => {
  test("case, spaces and hyphens do not matter", async () => {
    const { userCode } = await aDevice();
    const [a = "", b = ""] = userCode.split("-");
    for (const typed of [
      userCode,
      `${a}${b}`.toLowerCase(),
      ` ${a} ${b} `,
      `${a}‑${b}`,
      `${a} – ${b}`,
      Array.from(`${a}${b}`).join("-"),
    ]) {
      expect(await findDevice(await aCaller(), typed)).toMatchObject({ outcome: "found" });
    }
  });

  test("whoever guesses is stopped, and so is their network (ATK-34)", async () => {
    const { userCode } = await aDevice();
    const guesses = await race(12, () => findDevice(caller, "BBBB-CCCC"));
    expect(guesses.filter(({ outcome }) => outcome === "rejected")).toHaveLength(10);
    expect(await findDevice(caller, userCode)).toMatchObject({ outcome: "limited" });
    const other = await aCaller();
    expect(await findDevice(other, userCode)).toMatchObject({ outcome: "found" });
    // Many people of one network.
    const crowd = Array.from({ length: 12 }, () => ({
      principal: { ...caller.principal, userId: newId() },
      request: aRequest({ ip: "203.0.113.9" }),
    }));
    const tries = await Promise.all(
      crowd.flatMap((one) => Array.from({ length: 9 }, () => findDevice(one, "BBBB-CCCC"))),
    );
    expect(tries.filter(({ outcome }) => outcome === "rejected")).toHaveLength(100);
  });

  test("who asks, from where and for what is told before anything is allowed", async () => {
    const { userCode } = await aDevice({ scope: "openid api:read email", resource: apiResource() });
    expect(await findDeviceStep(caller, await handleOf(userCode))).toMatchObject({
      step: "confirm",
      clientName: "TV",
      userCode,
      scopes: ["openid", "email", "api:read"],
      ip: "127.0.0.1",
      sameNetwork: false,
    });
    const near = { ...caller, request: aRequest({ ip: "127.0.0.1" }) };
    expect(await findDeviceStep(near, await handleOf(userCode))).toMatchObject({
      sameNetwork: true,
    });
  });
});

describe("what the device asks of the sign-in", () => {
  const signedInAgo = async (seconds: number) => {
    const { id } = caller.principal.session;
    await prisma()
      .$executeRaw`UPDATE sessions SET auth_time = now() - make_interval(secs => ${seconds}) WHERE id = ${id}::uuid`;
    const authTime = new Date(Date.now() - seconds * 1000);
    const session = { ...caller.principal.session, authTime };
    return { ...caller, principal: { ...caller.principal, session } };
  };

  test.each<[string, Record<string, string>]>([
    ["max_age", { max_age: "60" }],
    ["max_age of nothing", { max_age: "0" }],
    ["a stronger class", { acr_values: "urn:gatehouse:aal2" }],
    [
      "a stronger class that must be",
      {
        claims: JSON.stringify({
          id_token: { acr: { essential: true, value: "urn:gatehouse:aal2" } },
        }),
      },
    ],
  ])("%s is asked for before anything is allowed", async (_, parameters) => {
    const { deviceCode, userCode } = await aDevice(parameters);
    const old = await signedInAgo(600);
    const handle = await handleOf(userCode, old);
    expect((await findDeviceStep(old, handle)).step).toBe("step-up");
    expect((await answerDevice(old, handle, true)).outcome).toBe("rejected");
    expect((await poll(deviceCode)).body["error"]).toBe("authorization_pending");
  });

  test("a class that nobody reaches, and somebody else, cannot be allowed", async () => {
    for (const wish of [
      { acr: { essential: true, value: "urn:elsewhere:gold" } },
      { sub: { value: "somebody-else" } },
    ]) {
      const { userCode } = await aDevice({ claims: JSON.stringify({ id_token: wish }) });
      const handle = await handleOf(userCode);
      expect((await findDeviceStep(caller, handle)).step).toBe("impossible");
      expect((await answerDevice(caller, handle, true)).outcome).toBe("rejected");
    }
  });
});

describe("openid-client signs a device in unchanged", () => {
  test("code, approval, tokens of the API and a refresh; what is taken back is dead", async () => {
    const config = await oidc.discovery(
      new URL(`${getConfig().origin}/oidc`),
      tv,
      undefined,
      oidc.None(),
      { execute: [oidc.allowInsecureRequests], [oidc.customFetch]: send as never },
    );
    expect(config.serverMetadata().device_authorization_endpoint).toBe(
      `${getConfig().origin}/oidc/device/auth`,
    );
    const device = await oidc.initiateDeviceAuthorization(config, {
      scope: "openid email offline_access api:read",
      resource: apiResource(),
    });
    await allow(device.user_code);
    const tokens = await oidc.pollDeviceAuthorizationGrant(
      config,
      { ...device, interval: 0.1 },
      { resource: apiResource() },
    );
    const { userId, email, session } = caller.principal;
    expect(tokens.claims()).toMatchObject({
      sub: userId,
      acr: session.acr,
      amr: ["pwd"],
      auth_time: Math.floor(session.authTime.getTime() / 1000),
    });
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      sub: userId,
      aud: apiResource(),
      scope: "api:read",
      sid: session.id,
    });
    const me = () =>
      send(`${getConfig().origin}/api/v1/me`, {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      });
    expect(await (await me()).json()).toMatchObject({ email });
    const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? "");
    expect(renewed.access_token).not.toBe("");
    expect(
      await prisma().auditEvent.count({ where: { action: "client.authorized", actorId: userId } }),
    ).toBe(1);
    await prisma().oidcGrant.deleteMany({ where: { userId } });
    expect((await me()).status).toBe(401);
    await expect(oidc.refreshTokenGrant(config, renewed.refresh_token ?? "")).rejects.toThrow(
      oidc.ResponseBodyError,
    );
  });

  test("two devices of one session are both signed in", async () => {
    const [one, two] = [await aDevice(), await aDevice({ scope: "openid email" })];
    await allow(one.userCode);
    await allow(two.userCode);
    const [first, second] = [await poll(one.deviceCode), await poll(two.deviceCode)];
    for (const { body } of [first, second]) {
      const info = await send(`${getConfig().origin}/oidc/me`, {
        headers: { authorization: `Bearer ${String(body["access_token"])}` },
      });
      expect(info.status).toBe(200);
    }
    expect(first.body["scope"]).toBe("openid");
  });
});
