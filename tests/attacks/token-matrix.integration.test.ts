import { beforeAll, describe, expect, test } from "vitest";
import { signOut } from "@/lib/authn/sign-out";
import { deleteGrantsOfUser } from "@/lib/oidc/grant-store";
import { createToken } from "@/lib/personal-tokens/own-tokens";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { assignServiceRoles } from "@/lib/service-accounts/service-roles";
import { updateUser } from "@/lib/users/update-user";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aCaller, aSession, aUser, callerWith } from "@/tests/support/builders";
import { callApi } from "@/tests/support/call-api";
import { codeFlow, type FlowClient } from "@/tests/support/code-flow";
import { anInvoice } from "@/tests/support/invoices";
import { CALLBACK } from "@/tests/support/relying-party";
import { aRole } from "@/tests/support/roles";
import { aForeignSession } from "@/tests/support/strangers";

// Every kind of token at every place that takes one, in every state of whoever stands behind it
// (ATK-23): what is taken is what the table says, and everything else is refused.

const send = serveMachinePaths();
const api = () => `${getConfig().origin}/api/v1`;
const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

let admin: Awaited<ReturnType<typeof aCaller>>;
beforeAll(async () => {
  admin = await aCaller({ roles: ["Admin"] });
});

/** Somebody, their app, a service with the right to exchange, and one token of each kind. */
async function aWorld(cookie?: string) {
  const web = await aClient({
    name: "Shop",
    kind: "web",
    redirectUris: [CALLBACK],
    scopes: ["api:read"],
  });
  const service = await aClient({
    name: "Gateway",
    kind: "service",
    scopes: ["api:read", "tokens:exchange"],
  });
  const session = cookie ?? (await aSession((await aUser()).id));
  const user = { id: (await callerWith(session)).principal.userId };
  const flow = codeFlow(send, () => web);
  const forApi = { scope: "openid offline_access api:read", resource: api() };
  const structured = await flow.tokens(session, forApi);
  const opaque = await flow.tokens(session);
  const issued = await post(
    send,
    "/token",
    { grant_type: "client_credentials", resource: api(), scope: "api:read" },
    { authorization: basic(service.clientId, service.secret) },
  );
  const exchanged = await exchange(service, structured.accessToken);
  const personal = await createToken(await callerWith(session), {
    name: "Script",
    scopes: ["api:read"],
    lifetimeDays: 30,
  });
  if (personal.outcome !== "created") throw new Error(personal.outcome);
  return {
    web,
    service,
    user,
    session,
    flow,
    tokens: {
      "access token of the API": structured.accessToken,
      "access token of userinfo": opaque.accessToken,
      "access token of a service": String(issued.body["access_token"]),
      "exchanged access token": String(exchanged.body["access_token"]),
      "refresh token": opaque.refreshToken,
      "ID token": opaque.idToken,
      code: (await flow.aCode(session)).code,
      "personal token": personal.secret,
      "session's cookie": session,
    },
  };
}

type World = Awaited<ReturnType<typeof aWorld>>;
type Kind = keyof World["tokens"];

const exchange = (client: FlowClient, subject_token: string) =>
  post(
    send,
    "/token",
    { grant_type: EXCHANGE, subject_token, subject_token_type: ACCESS_TOKEN },
    { authorization: basic(client.clientId, client.secret) },
  );

const bearer = (token: string, scheme = "Bearer") => ({ authorization: `${scheme} ${token}` });

/** Whether a place takes a token; what it does with it is not asked here. */
const PLACES: Record<string, (token: string, world: World) => Promise<boolean>> = {
  "the API as a bearer token": async (token) => {
    const path = "/api/v1/invoices";
    const answer = await callApi({ method: "GET", path, origin: null, headers: bearer(token) });
    // A service without roles is known, and allowed nothing.
    return answer.status !== 401;
  },
  "the API as a bound token": async (token) => {
    const path = "/api/v1/invoices";
    const headers = bearer(token, "DPoP");
    return (await callApi({ method: "GET", path, origin: null, headers })).status !== 401;
  },
  "the API as a cookie": async (token) =>
    (await callApi({ method: "GET", path: "/api/v1/invoices", cookie: token })).status !== 401,
  userinfo: async (token) =>
    (await send(`${getConfig().origin}/oidc/me`, { headers: bearer(token) })).status === 200,
  introspection: async (token, { flow }) => (await flow.introspect(token)).body["active"] === true,
  "the refresh grant": async (token, { flow }) => (await flow.refresh(token)).status === 200,
  "the code grant": async (token, { flow }) =>
    (await flow.redeem({ code: token, verifier: "x".repeat(43) })).status === 200,
  "the session of an authorization request": async (token, { flow }) =>
    (await flow.request(token, { prompt: "none" })).code !== "",
  "the exchange": async (token, { service }) => (await exchange(service, token)).status === 200,
};

/** What is taken while everybody and everything is in order. */
const TAKEN: Record<Kind, string[]> = {
  "access token of the API": ["the API as a bearer token", "introspection", "the exchange"],
  "access token of userinfo": ["userinfo", "introspection"],
  "access token of a service": ["the API as a bearer token"],
  "exchanged access token": ["the API as a bearer token", "the exchange"],
  "refresh token": ["introspection", "the refresh grant"],
  "ID token": [],
  code: [],
  "personal token": ["the API as a bearer token"],
  "session's cookie": ["the API as a cookie", "the session of an authorization request"],
};

/** What is left of it afterwards: all that does not hang on what has ended. */
const STATES: Record<string, { end: (world: World) => Promise<unknown>; survivors: Kind[] }> = {
  "the user is disabled": {
    end: ({ user }) => updateUser(admin, user.id, { status: "disabled" }, { confirmed: true }),
    survivors: ["access token of a service"],
  },
  "the session has ended": {
    end: async ({ session }) => signOut(await callerWith(session)),
    // Asked for offline, or made for programs.
    survivors: [
      "access token of a service",
      "personal token",
      "access token of userinfo",
      "refresh token",
    ],
  },
  "the grant is taken back": {
    end: ({ user }) => prisma().$transaction((tx) => deleteGrantsOfUser(user.id, tx)),
    survivors: ["access token of a service", "personal token", "session's cookie"],
  },
  "the app is disabled": {
    end: ({ web }) =>
      prisma().oidcClient.update({
        where: { id: web.clientId },
        data: { disabledAt: new Date() },
      }),
    survivors: ["access token of a service", "personal token", "session's cookie"],
  },
  "everything is too old": {
    end: async ({ user }) => {
      await prisma()
        .$executeRaw`UPDATE oidc_artifacts SET expires_at = now() - interval '1 second'`;
      await prisma().$executeRaw`
        UPDATE personal_tokens SET created_at = now() - interval '2 days',
               expires_at = now() - interval '1 day' WHERE user_id = ${user.id}::uuid`;
      await prisma().$executeRaw`
        UPDATE sessions SET idle_expires_at = now() - interval '1 second'
         WHERE user_id = ${user.id}::uuid`;
    },
    survivors: [],
  },
};

async function takenOf(world: World, kinds: Kind[]): Promise<Record<string, string[]>> {
  const taken: Record<string, string[]> = {};
  for (const kind of kinds) {
    const places: string[] = [];
    taken[kind] = places;
    for (const [place, takes] of Object.entries(PLACES)) {
      // What a use would end is looked at in a world of its own.
      if (place === "the refresh grant" && kind === "refresh token") continue;
      if (await takes(world.tokens[kind], world)) places.push(place);
    }
  }
  return taken;
}

const KINDS = Object.keys(TAKEN) as Kind[];

test("each token is taken where it belongs, and nowhere else (ATK-23)", async () => {
  const world = await aWorld();
  const expected = Object.fromEntries(
    KINDS.map((kind) => [kind, TAKEN[kind].filter((place) => place !== "the refresh grant")]),
  );
  expect(await takenOf(world, KINDS)).toEqual(expected);
  expect(await PLACES["the refresh grant"]?.(world.tokens["refresh token"], world)).toBe(true);
});

describe.each(Object.entries(STATES))("once %s", (_, { end, survivors }) => {
  test("nothing that hangs on it is taken anywhere (ATK-23)", async () => {
    const world = await aWorld();
    await end(world);
    const dead = KINDS.filter((kind) => !survivors.includes(kind));
    expect(await takenOf(world, dead)).toEqual(Object.fromEntries(dead.map((kind) => [kind, []])));
    if (dead.includes("refresh token")) {
      const { tokens, flow } = world;
      expect((await flow.refresh(tokens["refresh token"])).status).not.toBe(200);
    }
  });
});

test("what one person's token reads is theirs: nobody else's token reads it (ATK-23)", async () => {
  const [one, other] = [await aWorld(), await aWorld()];
  const sub = async ({ tokens }: World) =>
    (
      (await (
        await send(`${getConfig().origin}/oidc/me`, {
          headers: bearer(tokens["access token of userinfo"]),
        })
      ).json()) as { sub: string }
    ).sub;
  expect(await Promise.all([sub(one), sub(other)])).toEqual([one.user.id, other.user.id]);
  // An app learns nothing of the tokens of another, and redeems none of them.
  for (const kind of ["access token of the API", "refresh token"] as const) {
    expect((await other.flow.introspect(one.tokens[kind])).body).toEqual({ active: false });
  }
  expect((await other.flow.refresh(one.tokens["refresh token"])).body["error"]).toBe(
    "invalid_grant",
  );
});

const REACHES_API = KINDS.filter((kind) =>
  TAKEN[kind].some((place) => place.startsWith("the API")),
);

/** What a token of this kind reads from the API. */
async function readBy({ tokens }: World, kind: Kind, path: string) {
  const isCookie = TAKEN[kind].includes("the API as a cookie");
  const how = isCookie ? { cookie: tokens[kind] } : { origin: null, headers: bearer(tokens[kind]) };
  const { status, body } = await callApi({ method: "GET", path: `/api/v1${path}`, ...how });
  return { status, text: body ?? "" };
}

test("a token of one organization shows nothing of another (ATK-23, ATK-43)", async () => {
  const role = await aRole({ view_invoice: "all", view_users: "all" });
  const inhabit = async (cookie: string) => {
    const world = await aWorld(cookie);
    const caller = await callerWith(cookie);
    const given = await assignServiceRoles(caller, world.service.clientId, [role]);
    expect(given.outcome).toBe("assigned");
    return { world, caller, invoice: (await anInvoice(caller)).id };
  };
  const here = await inhabit(await aSession((await aUser({ roles: ["Admin"] })).id));
  const elsewhere = await inhabit(await aForeignSession(["Admin"]));
  await prisma().membership.deleteMany({
    where: {
      userId: elsewhere.world.user.id,
      organizationId: here.caller.principal.organizationId,
    },
  });

  for (const [mine, theirs] of [
    [here, elsewhere],
    [elsewhere, here],
  ] as const) {
    for (const kind of REACHES_API) {
      const lists = [
        await readBy(mine.world, kind, "/invoices?limit=100"),
        await readBy(mine.world, kind, "/users?limit=100"),
      ];
      expect([kind, lists.map(({ status }) => status)]).toEqual([kind, [200, 200]]);
      const shown = lists.map(({ text }) => text).join();
      const found = [mine.invoice, theirs.invoice, theirs.world.user.id].map((id) =>
        shown.includes(id),
      );
      expect([kind, found]).toEqual([kind, [true, false, false]]);
      for (const path of [`/invoices/${theirs.invoice}`, `/users/${theirs.world.user.id}`]) {
        expect([kind, path, (await readBy(mine.world, kind, path)).status]).toEqual([
          kind,
          path,
          404,
        ]);
      }
    }
  }
});
