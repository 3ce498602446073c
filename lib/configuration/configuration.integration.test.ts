import { createHash } from "node:crypto";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import {
  type ApplyTerms,
  applyConfiguration,
  compareConfiguration,
  exportConfiguration,
} from "@/lib/configuration/apply-configuration";
import type { Configuration } from "@/lib/configuration/configuration.schema";
import { parseConfiguration } from "@/lib/configuration/parse-configuration";
import { secretPlaceOf } from "@/lib/federation/connections";
import { prisma } from "@/lib/platform/db/client";
import { unseal } from "@/lib/platform/encryption";
import { anInstance, aRequest, aUser } from "@/tests/support/builders";
import { SECRET_VARIABLE } from "@/tests/support/configurations";
import { aPolicy } from "@/tests/support/policies";
import { aRole, eventsOf, give } from "@/tests/support/roles";
import { aTeam, defaultOrganizationId } from "@/tests/support/teams";

// Configuration as code (F132): written down, planned and applied.

/** The configuration that the first start leaves, to which every test goes back. */
let first: string;

const parsed = (text: string): Configuration => {
  const result = parseConfiguration(text);
  if (result.outcome === "rejected") throw new Error(JSON.stringify(result.problems));
  return result.configuration;
};

const fileOf = (value: object): Configuration => parsed(JSON.stringify({ version: 1, ...value }));

const TERMS = { prune: false, expected: null };
const PRUNING = { prune: true, expected: null };

const apply = (value: Configuration, terms: ApplyTerms = TERMS) =>
  applyConfiguration(aRequest(), value, terms);

/** Where an export says that the secret of the first client of tests is. */
const EXPORTED_VARIABLE = "CONFIG_SECRET_01900000_0000_7000_8000_000000000000";
const SECRET = "a-secret-of-an-app-that-only-tests-use";

/** Says why not, where it was not. */
const outcomeOf = (result: Awaited<ReturnType<typeof apply>>) =>
  result.outcome === "applied" ? "applied" : result;

beforeAll(async () => {
  vi.stubEnv(SECRET_VARIABLE, SECRET);
  vi.stubEnv(EXPORTED_VARIABLE, SECRET);
  await anInstance();
  first = await exportConfiguration();
});

afterEach(async () => {
  await prisma().user.deleteMany();
  await prisma().policy.updateMany({ data: { activeNumber: null, shadowNumber: null } });
  expect(outcomeOf(await apply(parsed(first), PRUNING))).toBe("applied");
});

describe("the bytes", () => {
  test("are the same for two exports, and for one after its own file was applied (F132)", async () => {
    const role = await aRole({ view_invoice: "own", view_users: "all" }, "Zoë");
    await aTeam({ roles: [role] });
    await aPolicy(["view_invoice"], { condition: { kind: "role", ids: [role] } });
    const exported = await exportConfiguration();
    expect(await exportConfiguration()).toBe(exported);
    const applied = await apply(parsed(exported), PRUNING);
    expect(applied).toMatchObject({ outcome: "applied", plan: { differences: [], kept: [] } });
    expect(await exportConfiguration()).toBe(exported);
  });
});

describe("applying", () => {
  const CLERK = {
    name: "Clerk",
    description: "Works with invoices.",
    requiresSecondFactor: true,
    permissions: {
      view_invoice: "own",
      update_invoice: { kind: "field", field: "status", operator: "equals", value: "draft" },
    },
    inherits: ["User"],
  };

  test("creates, changes and keeps; what is applied again changes nothing and records nothing", async () => {
    const wanted = fileOf({
      roles: [CLERK],
      duties: [{ name: "Books", left: ["create_invoice"], right: ["manage_users"] }],
      organizations: [
        {
          slug: "default",
          name: "Headquarters",
          teams: [
            { name: "Desk", roles: ["Clerk"] },
            { name: "Night", parent: "Desk" },
          ],
        },
        {
          slug: "north-wind",
          name: "Northwind",
          signIn: undefined,
          look: { accent: "#ffd400" },
          domains: [{ domain: "northwind.example" }],
        },
      ],
    });
    const request = aRequest();
    const result = await applyConfiguration(request, wanted, TERMS);
    expect(result).toMatchObject({ outcome: "applied" });
    if (result.outcome !== "applied") return;
    expect(result.plan.kept.map(({ name }) => name).sort()).toEqual(["Admin", "Manager", "User"]);
    const events = await eventsOf({ request });
    expect(events.every(({ actorType }) => actorType === "system")).toBe(true);
    expect(events.map(({ action }) => action)).toEqual(
      expect.arrayContaining([
        "organization.created",
        "organization.changed",
        "organization.branding_changed",
        "role.created",
        "role.inheritance_changed",
        "team.created",
        "team.moved",
        "team.role_granted",
        "duty_conflict.created",
        "domain.added",
      ]),
    );
    const again = aRequest();
    expect(await applyConfiguration(again, wanted, TERMS)).toMatchObject({
      plan: { differences: [] },
    });
    expect(await eventsOf({ request: again })).toEqual([]);
    // Without --prune, what is not in the file is there still.
    expect(await prisma().role.count({ where: { name: "Manager" } })).toBe(1);
  });

  test("names roles, teams and people in conditions, also those that the same file creates", async () => {
    const { email, id } = await aUser({ roles: [] });
    const condition = {
      kind: "any",
      conditions: [
        { kind: "user", users: [email] },
        { kind: "role", roles: ["Clerk"] },
        { kind: "team", teams: ["Desk"] },
      ],
    };
    const wanted = fileOf({
      roles: [CLERK],
      organizations: [
        {
          slug: "default",
          name: "Default",
          teams: [{ name: "Desk" }],
          policies: [
            {
              name: "Closed",
              stage: "active",
              rule: { effect: "deny", permissions: ["view_invoice"], condition },
            },
          ],
        },
      ],
    });
    expect(await apply(wanted)).toMatchObject({ outcome: "applied" });
    const role = await prisma().role.findFirstOrThrow({ where: { name: "Clerk" } });
    const team = await prisma().team.findFirstOrThrow({ where: { name: "Desk" } });
    const version = await prisma().policyVersion.findFirstOrThrow();
    expect(version.condition).toEqual({
      kind: "any",
      conditions: [
        { kind: "user", ids: [id] },
        { kind: "role", ids: [role.id] },
        { kind: "team", ids: [team.id] },
      ],
    });
    expect(await exportConfiguration()).toContain(`"${email}"`);
  });

  test("a policy is put in force, in shadow and out of both; a version that says so already is not written again", async () => {
    const rule = (permission: string) => ({ effect: "deny", permissions: [permission] });
    const policy = (more: object) => fileOf({ policies: [{ name: "P", ...more }] });
    const steps = [
      [
        { stage: "shadow", rule: rule("view_invoice") },
        { activeNumber: null, shadowNumber: 1 },
      ],
      [
        { stage: "active", rule: rule("view_invoice") },
        { activeNumber: 1, shadowNumber: null },
      ],
      [
        { stage: "active", rule: rule("view_invoice"), candidate: rule("delete_invoice") },
        { activeNumber: 1, shadowNumber: 2 },
      ],
      [
        { stage: "active", rule: rule("delete_invoice"), candidate: rule("view_invoice") },
        { activeNumber: 2, shadowNumber: 1 },
      ],
      [
        { stage: "draft", rule: rule("delete_invoice") },
        { activeNumber: null, shadowNumber: null },
      ],
      [
        { stage: "draft", rule: rule("view_invoice") },
        { activeNumber: null, shadowNumber: null },
      ],
    ] as const;
    for (const [more, expected] of steps) {
      expect(await apply(policy(more))).toMatchObject({ outcome: "applied" });
      expect(await prisma().policy.findFirstOrThrow({ where: { name: "P" } })).toMatchObject(
        expected,
      );
    }
    expect(await prisma().policyVersion.count({ where: { policy: { name: "P" } } })).toBe(3);
  });

  test("inheritance and teams are turned round in one go, and a way that leads back is refused with its names", async () => {
    const roles = (a: string[], b: string[]) => [
      { name: "A", inherits: a },
      { name: "B", inherits: b },
    ];
    const teams = (a: string | null, b: string | null) => [
      {
        slug: "default",
        name: "Default",
        teams: [
          { name: "A", parent: a },
          { name: "B", parent: b },
        ],
      },
    ];
    for (const [a, b] of [
      ["B", null],
      [null, "A"],
    ] as const) {
      const wanted = fileOf({
        roles: roles(a ? [a] : [], b ? [b] : []),
        organizations: teams(a, b),
      });
      expect(await apply(wanted)).toMatchObject({ outcome: "applied" });
    }
    expect(await apply(fileOf({ roles: roles(["B"], ["A"]) }))).toMatchObject({
      reason: "refused",
      rejection: { reason: "role-cycle", way: expect.arrayContaining(["A", "B"]) },
    });
    expect(await apply(fileOf({ organizations: teams("B", "A") }))).toMatchObject({
      reason: "refused",
      rejection: { reason: "within-itself" },
    });
  });

  test("nothing is changed by a file of which one thing is refused", async () => {
    const before = await exportConfiguration();
    const request = aRequest();
    const refused = async (value: object, rejection: object) => {
      const wanted = fileOf({ roles: [CLERK], ...value });
      expect(await applyConfiguration(request, wanted, TERMS)).toMatchObject({
        outcome: "rejected",
        reason: "refused",
        rejection,
      });
    };
    const org = (more: object) => ({
      organizations: [{ slug: "default", name: "Renamed", ...more }],
    });
    await refused(
      { roles: [CLERK, { name: "X", permissions: { fly: "all" } }] },
      { reason: "unknown-permission", keys: ["fly"] },
    );
    await refused(
      { roles: [CLERK, { name: "X", permissions: { manage_keys: "own" } }] },
      { reason: "no-owner" },
    );
    await refused(
      { roles: [CLERK, { name: "X", inherits: ["Nobody"] }] },
      { reason: "unknown-name", what: "role" },
    );
    await refused({ roles: [CLERK, { name: "clerk" }] }, { reason: "name-taken" });
    await refused(org({ teams: [{ name: "T", parent: "U" }] }), {
      reason: "unknown-name",
      what: "team",
    });
    await refused(
      org({ teams: [{ name: "T", roles: [{ id: "01900000-0000-7000-8000-000000000000" }] }] }),
      { reason: "unknown-role" },
    );
    await refused(org({ domains: [{ domain: "co.uk" }] }), { reason: "public-suffix" });
    await refused(org({ domains: [{ domain: "corp.example", autoJoin: true }] }), {
      reason: "unverified",
    });
    await refused(
      {
        policies: [
          { name: "P", stage: "draft", rule: { effect: "deny", permissions: ["manage_policies"] } },
        ],
      },
      { reason: "unfitting" },
    );
    const signIn = parsed(first).organizations?.[0]?.signIn;
    await refused(org({ signIn: { ...signIn, ssoRequired: true } }), { reason: "no-connection" });
    expect(await exportConfiguration()).toBe(before);
    expect(await eventsOf({ request })).toEqual([]);
  });

  test("only with prune goes what is not in the file; who had a role loses it, and an organization with people stays", async () => {
    const { id } = await aUser({ roles: ["Manager"] });
    const keep = fileOf({ roles: [{ name: "User", permissions: { view_invoice: "own" } }] });
    expect(await apply(keep)).toMatchObject({ outcome: "applied" });
    expect(await prisma().role.count()).toBe(3);
    expect(await apply(keep, PRUNING)).toMatchObject({ outcome: "applied" });
    expect(await prisma().role.findMany({ select: { name: true } })).toEqual([{ name: "User" }]);
    expect(await prisma().userRole.count({ where: { userId: id } })).toBe(0);
    expect(await apply(fileOf({ organizations: [] }), PRUNING)).toMatchObject({
      reason: "refused",
      rejection: { reason: "obstructed" },
    });
  });
});

describe("the rules of the panel", () => {
  test("nobody is left without who may do everything (ATK-44)", async () => {
    await aUser({ roles: ["Admin"] });
    const admin = { name: "Admin", permissions: { view_invoice: "all" } };
    const last = { outcome: "rejected", reason: "last-administrator" };
    expect(await apply(fileOf({ roles: [admin] }))).toMatchObject(last);
    expect(await apply(fileOf({ roles: [] }), PRUNING)).toMatchObject(last);
    const deny = { effect: "deny", permissions: ["manage_roles"] };
    const policies = [{ name: "Shut", stage: "active", rule: deny }];
    expect(await apply(fileOf({ policies }))).toMatchObject({
      reason: "refused",
      rejection: { reason: "last-administrator" },
    });
  });

  test("nobody comes to hold what nobody may hold together (F98)", async () => {
    const { id } = await aUser({ roles: [] });
    await give(id, await aRole({ create_invoice: "all" }, "Clerk"));
    const books = { name: "Books", left: ["create_invoice"], right: ["manage_users"] };
    expect(await apply(fileOf({ duties: [books] }))).toMatchObject({ outcome: "applied" });
    const both = { name: "Clerk", permissions: { create_invoice: "all", manage_users: "all" } };
    expect(await apply(fileOf({ roles: [both] }))).toMatchObject({
      outcome: "rejected",
      reason: "duty-conflict",
      conflicts: ["Books"],
    });
    const clerk = parsed(await exportConfiguration()).roles?.find(({ name }) => name === "Clerk");
    expect(clerk?.permissions).toEqual({ create_invoice: "all" });
  });

  test("what was planned is what is applied: a change made since is found by the digest", async () => {
    const wanted = fileOf({ roles: [{ name: "Clerk" }] });
    const { digest } = await compareConfiguration(wanted, TERMS);
    await aRole({ view_invoice: "all" }, "Meanwhile");
    expect(await apply(wanted, { ...TERMS, expected: digest })).toMatchObject({
      reason: "other-plan",
    });
    const now = await compareConfiguration(wanted, TERMS);
    expect(now.digest).not.toBe(digest);
    expect(await apply(wanted, { ...TERMS, expected: now.digest })).toMatchObject({
      outcome: "applied",
    });
  });

  test("of ten that apply the same plan at once one does, and nothing is there twice", async () => {
    const wanted = fileOf({ roles: [{ name: "Clerk" }] });
    const { digest } = await compareConfiguration(wanted, TERMS);
    const results = await Promise.all(
      Array.from({ length: 10 }, () => apply(wanted, { ...TERMS, expected: digest })),
    );
    expect(results.filter(({ outcome }) => outcome === "applied")).toHaveLength(1);
    expect(await prisma().role.count({ where: { name: "Clerk" } })).toBe(1);
  });

  test("what one organization has is named in none of the others (ATK-43)", async () => {
    const wanted = fileOf({
      organizations: [
        { slug: "a-a", name: "A", roles: [{ name: "Local" }] },
        { slug: "b-b", name: "B", roles: [{ name: "Heir", inherits: ["Local"] }] },
      ],
    });
    expect(await apply(wanted)).toMatchObject({ rejection: { reason: "unknown-name" } });
    const named = fileOf({
      organizations: [
        { slug: "a-a", name: "A", roles: [{ name: "Local" }] },
        {
          slug: "b-b",
          name: "B",
          roles: [{ name: "Heir", inherits: [{ organization: "a-a", name: "Local" }] }],
        },
      ],
    });
    expect(await apply(named)).toMatchObject({ rejection: { reason: "unknown-role" } });
  });
});

describe("apps", () => {
  const id = "01900000-0000-7000-8000-000000000000";
  const shop = {
    id,
    name: "Shop",
    kind: "web",
    redirectUris: ["https://shop.example/callback"],
    secret: { fromEnvironment: SECRET_VARIABLE },
  };
  const secrets = () => prisma().oidcClientSecret.findMany({ where: { clientId: id } });

  test("get their secret from where the file says, which is not in the export, the log or the answer", async () => {
    const request = aRequest();
    const result = await applyConfiguration(request, fileOf({ clients: [shop] }), TERMS);
    expect(result).toMatchObject({ outcome: "applied" });
    const [stored] = await secrets();
    expect(Buffer.from(stored?.hash ?? [])).toEqual(createHash("sha256").update(SECRET).digest());
    const told = [result, await exportConfiguration(), await eventsOf({ request })];
    expect(JSON.stringify(told)).not.toContain(SECRET);
    expect(await exportConfiguration()).toContain(`"fromEnvironment": "${EXPORTED_VARIABLE}"`);
  });

  test("keep the secret that they have, whatever the file says of one", async () => {
    await apply(fileOf({ clients: [shop] }));
    const before = await secrets();
    vi.stubEnv(SECRET_VARIABLE, "another-secret-that-is-long-enough-for-it");
    for (const secret of [shop.secret, { fromEnvironment: "CONFIG_SECRET_NONE" }, undefined]) {
      const renamed = fileOf({ clients: [{ ...shop, name: "Shop 2", secret }] });
      expect(await apply(renamed)).toMatchObject({ outcome: "applied" });
    }
    vi.stubEnv(SECRET_VARIABLE, SECRET);
    expect(await secrets()).toEqual(before);
  });

  test("a new one without a secret, with one that is short, and what cannot be changed are refused", async () => {
    const refused = async (client: object, rejection: object) => {
      expect(await apply(fileOf({ clients: [client] }))).toMatchObject({
        reason: "refused",
        rejection,
      });
    };
    vi.stubEnv("CONFIG_SECRET_SHORT", "hunter2");
    const needed = { reason: "secret-needed" };
    await refused({ ...shop, secret: undefined }, { ...needed, variable: null });
    for (const fromEnvironment of ["CONFIG_SECRET_SHORT", "CONFIG_SECRET_NONE"]) {
      await refused(
        { ...shop, secret: { fromEnvironment } },
        { ...needed, variable: fromEnvironment },
      );
    }
    await refused({ ...shop, redirectUris: ["http://shop.example/"] }, { reason: "invalid" });
    await apply(fileOf({ clients: [shop] }));
    await refused({ ...shop, kind: "native" }, { reason: "kind-stays" });
    await refused(
      { ...shop, publicKeys: { jwksUri: "https://shop.example/jwks" } },
      { reason: "proof-stays" },
    );
    const other = { ...shop, id: id.replace(/0$/, "9") };
    expect(await apply(fileOf({ clients: [shop, other] }))).toMatchObject({
      rejection: { reason: "taken" },
    });
  });

  test("that registered themselves, and the one of the program, are not configured by files", async () => {
    await prisma().oidcClient.create({
      data: { id, name: "Own", kind: "web", source: "dynamic", authMethod: "none" },
    });
    expect(await exportConfiguration()).toBe(first);
    expect(await apply(fileOf({ clients: [] }), PRUNING)).toMatchObject({ outcome: "applied" });
    expect(await prisma().oidcClient.count({ where: { id } })).toBe(1);
    expect(await apply(fileOf({ clients: [shop] }))).toMatchObject({
      rejection: { reason: "id-taken" },
    });
    await prisma().oidcClient.delete({ where: { id } });
  });
});

describe("connections", () => {
  const okta = {
    slug: "okta",
    name: "Okta",
    preset: "openid",
    issuer: "https://id.example",
    clientId: "gatehouse",
    enabled: true,
    secret: { fromEnvironment: SECRET_VARIABLE },
  };
  const place = (connections: object[], signIn?: object) =>
    fileOf({ organizations: [{ slug: "default", name: "Default", connections, ...signIn }] });
  const closed = () => ({
    signIn: { ...parsed(first).organizations?.[0]?.signIn, ssoRequired: true },
  });

  test("are set up with a secret that is sealed, and told nowhere", async () => {
    const request = aRequest();
    const result = await applyConfiguration(request, place([okta]), TERMS);
    expect(result).toMatchObject({ outcome: "applied" });
    const row = await prisma().connection.findFirstOrThrow();
    expect(row).toMatchObject({ slug: "okta", enabled: true, scopes: "openid profile email" });
    expect(unseal(row.clientSecret, secretPlaceOf(row.id)).toString()).toBe(SECRET);
    const told = [result, await exportConfiguration(), await eventsOf({ request })];
    expect(JSON.stringify(told)).not.toContain(SECRET);
    const renamed = place([{ ...okta, name: "Corporate", domains: ["corp.example"] }]);
    expect(await apply(renamed)).toMatchObject({ outcome: "applied" });
    expect(await prisma().connection.findFirstOrThrow()).toMatchObject({
      name: "Corporate",
      clientSecret: row.clientSecret,
    });
  });

  test("go to no other issuer with the secret of the former one, and to none without a secret", async () => {
    expect(await apply(place([{ ...okta, secret: undefined }]))).toMatchObject({
      rejection: { reason: "provider-secret-needed", variable: null },
    });
    await apply(place([okta]));
    expect(await apply(place([{ ...okta, issuer: "https://evil.example" }]))).toMatchObject({
      rejection: { reason: "issuer-stays" },
    });
  });

  test("shut nobody out: neither an organization that is opened only so, nor people without another way in", async () => {
    expect(await apply(place([okta], closed()))).toMatchObject({ outcome: "applied" });
    for (const terms of [TERMS, PRUNING]) {
      const wanted = terms.prune ? [] : [{ ...okta, enabled: false }];
      expect(await apply(place(wanted), terms)).toMatchObject({
        rejection: { reason: "only-way-into-organization" },
      });
    }
    const { signIn } = closed();
    const open = { signIn: { ...signIn, ssoRequired: false } };
    const { id } = await aUser({ roles: [] });
    await prisma().passwordCredential.deleteMany({ where: { userId: id } });
    await prisma().account.create({
      data: { userId: id, type: "oidc", provider: "okta", providerAccountId: "ada" },
    });
    expect(await apply(place([], open), PRUNING)).toMatchObject({
      rejection: { reason: "last-way-in", users: 1 },
    });
    await prisma().account.deleteMany();
    expect(await apply(place([], open), PRUNING)).toMatchObject({ outcome: "applied" });
  });
});

test("people, what they hold and secrets are in no export", async () => {
  const user = await aUser({ roles: ["Admin"] });
  await aTeam({ members: [user.id] });
  const exported = await exportConfiguration();
  for (const secret of [user.email, user.id, await defaultOrganizationId()]) {
    expect(exported).not.toContain(secret);
  }
});
