import { beforeAll, expect, test } from "vitest";
import { attemptFactor } from "@/lib/authn/attempt-factor";
import { mayEnter } from "@/lib/authn/auth-js-rules";
import { continueWithIdentity, ticketOfIdentity } from "@/lib/authn/sign-in-after-identity";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { AccessDenied } from "@/lib/authz/authorize";
import type { ConnectionInput } from "@/lib/federation/connection.schema";
import { holdProvider, secretPlaceOf } from "@/lib/federation/connections";
import { deleteConnection } from "@/lib/federation/delete-connection";
import { attachIdentity } from "@/lib/federation/link-identity";
import {
  changeConnection,
  createConnection,
  findConnection,
  listConnections,
  replaceSecret,
  switchConnection,
} from "@/lib/federation/manage-connections";
import { authJsProviders, findProvider } from "@/lib/federation/providers";
import { signInWithIdentity, type UpstreamIdentity } from "@/lib/federation/sign-in-with-identity";
import { prisma } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { unseal } from "@/lib/platform/encryption";
import { newId } from "@/lib/platform/id";
import { AssuranceInsufficient } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { aCaller, anInstance, aRequest, aUser } from "@/tests/support/builders";
import { aConnection, askedOf } from "@/tests/support/connections";
import { aTotp, totpCode } from "@/tests/support/factors";
import { race } from "@/tests/support/race";
import { aProof } from "@/tests/support/tickets";

let admin: Caller;
beforeAll(async () => {
  await anInstance();
  admin = await aCaller({ roles: ["Admin"] });
});

type Row = Awaited<ReturnType<typeof aConnection>>;

const anInput = (overrides: Partial<ConnectionInput> = {}): ConnectionInput => ({
  preset: "openid",
  name: "Corporate",
  slug: `idp-${newId().slice(-12)}`,
  issuer: "https://idp.example.com",
  clientId: "gatehouse",
  clientSecret: "a-secret-of-the-client",
  authMethod: "client_secret_basic",
  scopes: "openid email",
  domains: [],
  ...overrides,
});

async function created(input = anInput()): Promise<string> {
  const result = await createConnection(admin, input);
  if (result.outcome !== "created") throw new Error(result.reason);
  return result.id;
}

/** Somebody who signed up through the provider and has nothing else. */
async function aFederatedUser(connection: Parameters<typeof askedOf>[0]): Promise<string> {
  const identity: UpstreamIdentity = {
    ...askedOf(connection),
    providerAccountId: newId(),
    type: "oidc",
    email: `upstream-${newId()}@example.com`,
    emailVerified: true,
    name: null,
  };
  const result = await signInWithIdentity(identity, aRequest());
  if (result.outcome !== "accepted") throw new Error(result.reason);
  return result.userId;
}

const eventsOf = (targetId: string) =>
  prisma().auditEvent.findMany({ where: { targetId }, orderBy: { id: "asc" } });

test("a connection is created switched off, its secret sealed, and counts once it is switched on (F7)", async () => {
  const input = anInput();
  const id = await created(input);
  const row = await prisma().connection.findUniqueOrThrow({ where: { id } });
  expect(row.enabled).toBe(false);
  expect(Buffer.from(row.clientSecret).includes(input.clientSecret)).toBe(false);
  expect(unseal(row.clientSecret, secretPlaceOf(id)).toString()).toBe(input.clientSecret);
  expect(await findProvider(input.slug)).toBeNull();
  const terms = { expectedVersion: 1, confirmed: false };
  expect((await switchConnection(admin, id, true, terms)).outcome).toBe("changed");
  expect((await findProvider(input.slug))?.name).toBe("Corporate");
  const events = await eventsOf(id);
  expect(events.map(({ action }) => action)).toEqual(["connection.created", "connection.enabled"]);
});

test("no secret of a connection is shown or on record (ATK-66)", async () => {
  const secret = `secret-${newId()}`;
  const id = await created(anInput({ clientSecret: secret }));
  await replaceSecret(admin, id, `${secret}-new`, 1);
  const shown = [await findConnection(admin, id), await listConnections(admin), await eventsOf(id)];
  const text = JSON.stringify(shown, (_key, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  expect(text).not.toContain(secret);
  expect(text).not.toContain("clientSecret");
  const row = await prisma().connection.findUniqueOrThrow({ where: { id } });
  expect(unseal(row.clientSecret, secretPlaceOf(id)).toString()).toBe(`${secret}-new`);
  expect((await eventsOf(id)).map(({ action }) => action)).toContain("connection.secret_replaced");
});

test("each needs its permission and a fresh proof (ATK-40, F22)", async () => {
  const { id } = await aConnection();
  const stranger = await aCaller({ roles: ["Manager"] });
  const terms = { expectedVersion: 1, confirmed: true };
  for (const attempt of [
    () => listConnections(stranger),
    () => findConnection(stranger, id),
    () => createConnection(stranger, anInput()),
    () => switchConnection(stranger, id, false, terms),
    () => replaceSecret(stranger, id, "other", 1),
    () => deleteConnection(stranger, id, terms),
  ]) {
    await expect(attempt()).rejects.toBeInstanceOf(AccessDenied);
  }
  const { session } = admin.principal;
  const stale = {
    ...admin,
    principal: { ...admin.principal, session: { ...session, authTime: new Date(0) } },
  };
  await expect(createConnection(stale, anInput())).rejects.toBeInstanceOf(AssuranceInsufficient);
  await expect(deleteConnection(stale, id, terms)).rejects.toBeInstanceOf(AssuranceInsufficient);
  expect((await listConnections(stale)).length).toBeGreaterThan(0);
});

test("connections of another organization do not exist here (ATK-43)", async () => {
  const other = await prisma().organization.create({ data: { slug: newId(), name: "Other" } });
  const { id } = await aConnection({ organizationId: other.id });
  const terms = { expectedVersion: 1, confirmed: true };
  expect(await findConnection(admin, id)).toBeNull();
  expect((await listConnections(admin)).map((it) => it.id)).not.toContain(id);
  expect(await switchConnection(admin, id, false, terms)).toEqual({ outcome: "not-found" });
  expect(await replaceSecret(admin, id, "x", 1)).toEqual({ outcome: "not-found" });
  expect(await deleteConnection(admin, id, terms)).toEqual({ outcome: "not-found" });
});

test("an id belongs to one connection, and of 50 parallel changes of one version one counts", async () => {
  const input = anInput();
  const results = await race(10, () => createConnection(admin, input));
  expect(results.filter(({ outcome }) => outcome === "created")).toHaveLength(1);
  const row = await prisma().connection.findUniqueOrThrow({ where: { slug: input.slug } });
  const changes = await race(50, (index) =>
    changeConnection(admin, row.id, { ...input, name: `Name ${index}` }, 1),
  );
  expect(changes.filter(({ outcome }) => outcome === "changed")).toHaveLength(1);
});

test("the issuer stays once people sign in with it (ATK-11)", async () => {
  const { id, slug } = await aConnection();
  const change = { ...anInput(), issuer: "https://other.example.com" };
  expect((await changeConnection(admin, id, change, 1)).outcome).toBe("changed");
  await aFederatedUser({ ...change, id, slug });
  const again = { ...change, issuer: "https://third.example.com" };
  expect(await changeConnection(admin, id, again, 2)).toEqual({
    outcome: "rejected",
    reason: "issuer-in-use",
    identities: 1,
  });
});

test("whoever signs up while the issuer changes is waited for, and counted (ATK-11)", async () => {
  const connection = await aConnection();
  const { id, slug } = connection;
  const { id: userId } = await aUser();
  const change = { ...anInput(), issuer: "https://other.example.com" };
  let changing: ReturnType<typeof changeConnection> | undefined;
  await inTransaction(async (tx) => {
    await holdProvider(askedOf(connection), tx);
    const data = { userId, type: "oidc", provider: slug, providerAccountId: newId() };
    await tx.account.create({ data });
    changing = changeConnection(admin, id, change, 1);
    await new Promise((resolve) => setTimeout(resolve, 500));
  });
  expect(await changing).toMatchObject({ outcome: "rejected", reason: "issuer-in-use" });
});

test.each<[string, (id: string) => Promise<unknown>]>([
  ["deleted", (id) => deleteConnection(admin, id, { confirmed: true })],
  [
    "deleted, and another of its id set up",
    async (id) => {
      const { slug } = await prisma().connection.findUniqueOrThrow({ where: { id } });
      await deleteConnection(admin, id, { confirmed: true });
      await aConnection({ slug });
    },
  ],
  [
    "switched off",
    (id) => switchConnection(admin, id, false, { expectedVersion: 1, confirmed: true }),
  ],
  [
    "switched off and on again",
    async (id) => {
      await switchConnection(admin, id, false, { expectedVersion: 1, confirmed: true });
      await switchConnection(admin, id, true, { expectedVersion: 2, confirmed: true });
    },
  ],
  // As where it is switched off before the provider's word is kept.
  ["off", (id) => prisma().connection.update({ where: { id }, data: { enabled: false } })],
])(
  "a sign-in that waits at a second factor opens nothing once its connection is %s (ATK-16)",
  async (_what, end) => {
    const connection = await aConnection();
    const { id } = connection;
    const user = await aUser();
    const secret = await aTotp(user.id);
    const told = { subject: "grace", sid: null, idToken: "an.id.token" };
    const token = { ...askedOf(connection), ...told };
    const flowSecret =
      (await continueWithIdentity(await aProof(user.id), undefined, "/", token)) ?? undefined;
    await end(id);
    const browser = { flowSecret, deviceSecret: undefined };
    const code = totpCode(secret);
    const once = { trustDevice: false };
    const answer = await attemptFactor(browser, "totp", { code }, once, aRequest());
    if (answer.outcome !== "authenticated") throw new Error(answer.outcome);
    const cookies = { deviceSecret: undefined, sessionSecret: undefined };
    expect(await redeemSignInTicket(answer.ticket, cookies, aRequest())).toBeNull();
    expect(await prisma().session.count({ where: { userId: user.id } })).toBe(0);
  },
);

test("a connection that is somebody's last way in goes only when that is confirmed", async () => {
  const connection = await aConnection();
  const { id, slug } = connection;
  await aFederatedUser(connection);
  const secured = await aUser();
  await prisma().account.create({
    data: { userId: secured.id, type: "oidc", provider: slug, providerAccountId: newId() },
  });
  const rejected = { outcome: "rejected", reason: "last-way-in", users: 1, own: false };
  const off = { expectedVersion: 1, confirmed: false };
  expect(await switchConnection(admin, id, false, off)).toEqual(rejected);
  expect(await deleteConnection(admin, id, { confirmed: false })).toEqual(rejected);
  expect(await findProvider(slug)).not.toBeNull();
  expect((await deleteConnection(admin, id, { confirmed: true })).outcome).toBe("deleted");
  expect(await prisma().account.count({ where: { provider: slug } })).toBe(0);
  const event = (await eventsOf(id)).find(({ action }) => action === "connection.deleted");
  expect(event?.before).toMatchObject({ slug, identities: 2 });
});

test("nobody takes their own last way in away, whatever they confirm", async () => {
  const connection = await aConnection();
  const { id } = connection;
  const userId = await aFederatedUser(connection);
  const caller = { ...admin, principal: { ...admin.principal, userId } };
  // Another way counts: a second connection.
  const terms = { expectedVersion: 1, confirmed: true };
  const refusal = { outcome: "rejected", reason: "last-way-in", users: 1, own: true };
  const role = await prisma().role.findFirstOrThrow({ where: { name: "Admin" } });
  await prisma().userRole.create({ data: { userId, roleId: role.id } });
  expect(await switchConnection(caller, id, false, terms)).toEqual(refusal);
  expect(await deleteConnection(caller, id, terms)).toEqual(refusal);
  const other = await aConnection();
  await prisma().account.create({
    data: { userId, type: "oidc", provider: other.slug, providerAccountId: newId() },
  });
  expect((await switchConnection(caller, id, false, terms)).outcome).toBe("changed");
});

test("a subject of a deleted connection is nobody to a later one of the same id (ATK-15)", async () => {
  const connection = await aConnection();
  const { id, slug } = connection;
  const identity: UpstreamIdentity = {
    ...askedOf(connection),
    providerAccountId: "the-same-subject",
    type: "oidc",
    email: `first-${newId()}@example.com`,
    emailVerified: true,
    name: null,
  };
  const first = await signInWithIdentity(identity, aRequest());
  await deleteConnection(admin, id, { confirmed: true });
  const later = await aConnection({ slug, issuer: "https://evil.example.com" });
  const email = `second-${newId()}@example.com`;
  const second = await signInWithIdentity({ ...identity, ...askedOf(later), email }, aRequest());
  expect(first.outcome === "accepted" && second.outcome === "accepted").toBe(true);
  expect(second).not.toEqual(first);
});

/** What becomes of a connection while the provider that was asked answers. */
const REPLACED: [string, (id: string) => Promise<Row>][] = [
  [
    "its issuer is another",
    async (id) => {
      const change = { ...anInput(), issuer: "https://later.example.com" };
      expect((await changeConnection(admin, id, change, 1)).outcome).toBe("changed");
      return prisma().connection.findUniqueOrThrow({ where: { id } });
    },
  ],
  [
    "it is deleted, and there is another of its id",
    async (id) => {
      const { slug } = await prisma().connection.findUniqueOrThrow({ where: { id } });
      await deleteConnection(admin, id, { confirmed: true });
      return aConnection({ slug, issuer: "https://later.example.com" });
    },
  ],
];

test.each(REPLACED)(
  "what a connection's provider answers is nobody's word once %s (ATK-11)",
  async (_what, replace) => {
    const { id, slug } = await aConnection();
    const { connectionOf } = await authJsProviders(Symbol("fetch"));
    const account = { provider: slug, providerAccountId: "the-chief", type: "oidc" as const };
    const back = {
      account,
      profile: { email: `somebody-${newId()}@example.com`, email_verified: true },
      user: { name: "Somebody" },
      connection: connectionOf(slug),
    };
    const later = await replace(id);
    const enter = () => mayEnter(back, aRequest(), async () => false);
    expect(await enter()).toBe("/sign-in?error=provider-off");
    // Nor is it connected to anybody, nor does a sign-in that went so far open a session.
    const identity = { ...account, ...back, email: null, emailVerified: null, name: null };
    const planted: UpstreamIdentity = { ...identity, provider: slug };
    const { id: userId } = await aUser();
    expect(await inTransaction((tx) => attachIdentity(userId, planted, tx))).toBe("off");
    const token = { provider: slug, connection: back.connection, subject: "the-chief", sid: null };
    const ticket = await ticketOfIdentity(await aProof(userId), undefined, {
      ...token,
      idToken: "an.id.token",
    });
    const cookies = { deviceSecret: undefined, sessionSecret: undefined };
    expect(await redeemSignInTicket(ticket, cookies, aRequest())).toBeNull();
    expect(await prisma().account.count({ where: { provider: slug } })).toBe(0);
    // Whom the provider of now knows by that name is somebody, and not whoever the former one meant.
    const known = await signInWithIdentity(
      { ...planted, ...askedOf(later), email: `chief-${newId()}@example.com`, emailVerified: true },
      aRequest(),
    );
    expect(known.outcome).toBe("accepted");
    expect(await enter()).toBe("/sign-in?error=provider-off");
  },
);

test("a sign-up waits for the change of its issuer, and does not come in by the new one (ATK-11)", async () => {
  const connection = await aConnection();
  const { id } = connection;
  let entering: ReturnType<typeof signInWithIdentity> | undefined;
  await inTransaction(async (tx) => {
    await tx.connection.update({ where: { id }, data: { issuer: "https://later.example.com" } });
    entering = signInWithIdentity(
      {
        ...askedOf(connection),
        providerAccountId: newId(),
        type: "oidc",
        email: `late-${newId()}@example.com`,
        emailVerified: true,
        name: null,
      },
      aRequest(),
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
  });
  expect(await entering).toEqual({ outcome: "rejected", reason: "provider-off" });
});
