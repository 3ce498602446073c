import { beforeAll, expect, test } from "vitest";
import { CATALOGUE } from "@/app/resources";
import { can } from "@/lib/authz/decide";
import type { Circumstances } from "@/lib/decisions/imagine-caller";
import { listAccess } from "@/lib/decisions/list-access";
import { type Holder, listHolders } from "@/lib/decisions/list-holders";
import { listObjects } from "@/lib/decisions/list-objects";
import { simulate } from "@/lib/decisions/simulate";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";
import { send } from "@/tests/support/api";
import { aCaller, aRequest, aSession, aUser, callerOf } from "@/tests/support/builders";
import { callApi } from "@/tests/support/call-api";
import { ASKED, aPolicy, aRandomWorld, Random, type World } from "@/tests/support/random-world";
import { aCallerHolding, aRole, give } from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";

const random = new Random(97);

let admin: Caller;
let world: World;
let callers: Caller[];

beforeAll(async () => {
  admin = await aCaller({ roles: ["Admin"] });
  world = await aRandomWorld(random);
  callers = await everybody();
});

/** Every active member of the organization, however they came into the database. */
async function everybody(): Promise<Caller[]> {
  const members = await prisma().membership.findMany({
    where: { organizationId: world.organizationId, user: { status: "active" } },
  });
  return Promise.all(members.map(({ userId }) => callerOf(userId)));
}

async function allHolders(permission: string, record: string | null, limit = 3): Promise<Holder[]> {
  const found: Holder[] = [];
  let cursor: string | undefined;
  do {
    const listing = { permission, record, type: "user" } as const;
    const page = await listHolders(admin, listing, { limit, cursor }, CATALOGUE);
    if (page.outcome !== "listed") throw new Error(page.reason);
    found.push(...page.holders);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}

const someRequest = (caller: Caller): Caller => {
  const at = new Date(Date.UTC(2027, 1, 1 + random.below(28), random.below(24)));
  const { principal } = caller;
  return {
    principal: {
      ...principal,
      means: random.pick(["session", "app", "personal-token"]),
      asOf: at,
      session: {
        ...principal.session,
        acr: random.pick(["urn:gatehouse:aal1", "urn:gatehouse:aal3"]),
        authTime: new Date(at.getTime() - random.pick([10, 600, 90_000]) * 1_000),
      },
    },
    request: aRequest({ ip: random.pick([null, "192.0.2.1", "2001:db8::1", "203.0.113.9"]) }),
  };
};

const recordsOf = ({ resourceType }: Permission): (string | null)[] =>
  resourceType === "Invoice"
    ? [null, ...world.invoiceIds.slice(0, 4)]
    : resourceType === "User"
      ? [null, ...world.users.slice(0, 3).map(({ id }) => id)]
      : [null];

test("who may do this is who is let do it, whoever asks (F97)", async () => {
  const seen = new Set<string>();
  for (const permission of ASKED) {
    for (const record of recordsOf(permission)) {
      const holders = await allHolders(permission.key, record);
      const byId = new Map(holders.map((holder) => [holder.subject.id, holder]));
      expect(byId.size).toBe(holders.length);
      const source = CATALOGUE.resources[permission.resourceType];
      const row =
        record === null
          ? undefined
          : ((await source?.find(record, world.organizationId)) ?? undefined);
      for (const caller of callers) {
        const answers = await Promise.all(
          Array.from({ length: 12 }, () => can(someRequest(caller), permission, row)),
        );
        const extent = byId.get(caller.principal.userId)?.extent ?? "never";
        seen.add(extent);
        const told = `${permission.key} ${record} ${caller.principal.userId} ${extent}`;
        if (extent === "always") expect(answers, told).not.toContain(false);
        if (extent === "never") expect(answers, told).not.toContain(true);
      }
    }
  }
  expect([...seen].sort()).toEqual(["always", "depends", "never"]);
}, 120_000);

test("what somebody may do is who may do this, seen from the other side (F97)", async () => {
  const byPermission = new Map<string, Map<string, Holder>>();
  for (const { key } of CATALOGUE.permissions) {
    const holders = await allHolders(key, null, 50);
    byPermission.set(key, new Map(holders.map((holder) => [holder.subject.id, holder])));
  }
  for (const { id } of world.users) {
    const report = await listAccess(admin, { type: "user", id }, CATALOGUE);
    if (report.outcome !== "reported") throw new Error(report.reason);
    const expected = CATALOGUE.permissions.flatMap(({ key }) => {
      const holder = byPermission.get(key)?.get(id);
      return holder ? [[key, holder.extent, holder.reach]] : [];
    });
    const reported = report.access.map(({ permission, extent, reach }) => [
      permission,
      extent,
      reach,
    ]);
    expect(reported).toEqual(expected.sort());
    for (const { paths } of report.access) expect(paths.length).toBeGreaterThan(0);
  }
});

test("the objects for a user and the users for an object agree (F93)", async () => {
  const circumstances: Circumstances = {
    at: null,
    ip: "192.0.2.1",
    means: "session",
    acr: "urn:gatehouse:aal3",
    authTime: new Date(),
  };
  let pairs = 0;
  for (const permission of ASKED.filter(({ resourceType }) => resourceType === "Invoice")) {
    for (const { id } of world.users) {
      const subject = { type: "user", id } as const;
      const objects = new Set<string>();
      let cursor: string | undefined;
      do {
        const asked = { subject, permission: permission.key, circumstances };
        const page = await listObjects(admin, asked, { limit: 5, cursor }, CATALOGUE);
        if (page.outcome !== "listed") throw new Error(page.reason);
        for (const record of page.records) objects.add(record.id);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      for (const record of world.invoiceIds) {
        const asked = { subject, permission: permission.key, record, circumstances };
        const answer = await simulate(admin, asked, CATALOGUE);
        const allowed = answer.outcome === "simulated" && answer.judgement.outcome === "allowed";
        expect(objects.has(record), `${id} ${permission.key} ${record}`).toBe(allowed);
        pairs += allowed ? 1 : 0;
      }
    }
  }
  expect(pairs).toBeGreaterThan(20);
}, 120_000);

test("a policy lets in who has no role, and the report finds them", async () => {
  const { id } = await aUser({ roles: [] });
  await aPolicy(world.organizationId, {
    effect: "allow",
    permissions: ["purge_everything", "view_domains"],
    condition: { kind: "user", ids: [id] },
  });
  const holders = await allHolders("view_domains", null);
  expect(holders.find(({ subject }) => subject.id === id)).toMatchObject({ extent: "always" });
});

test("the report stays within the organization, and within what its reader may see (ATK-43)", async () => {
  const { id } = await aUser({ roles: ["Admin"] });
  const foreigner = await aForeignCaller(["Admin"]);
  const listing = { permission: "view_keys", record: null, type: "user" } as const;
  const page = await listHolders(foreigner, listing, { limit: 100 }, CATALOGUE);
  if (page.outcome !== "listed") throw new Error(page.reason);
  expect(page.holders.map(({ subject }) => subject.id)).toEqual([foreigner.principal.userId]);
  expect(await listAccess(foreigner, { type: "user", id }, CATALOGUE)).toMatchObject({
    reason: "unknown-subject",
  });
  const own = await aCallerHolding({ view_decisions: "all", view_users: "own", view_keys: "all" });
  const seen = await listHolders(own, listing, { limit: 100 }, CATALOGUE);
  if (seen.outcome !== "listed") throw new Error(seen.reason);
  expect(seen.holders.map(({ subject }) => subject.id)).toEqual([own.principal.userId]);
  const nobody = await aCallerHolding({ view_users: "all" });
  await expect(listHolders(nobody, listing, { limit: 1 }, CATALOGUE)).rejects.toThrow(
    "view_decisions",
  );
});

test("what cannot be asked is told", async () => {
  const ask = async (permission: string, record: string | null, cursor?: string) => {
    const listing = { permission, record, type: "user" } as const;
    const page = await listHolders(admin, listing, { limit: 5, cursor }, CATALOGUE);
    return page.outcome === "rejected" ? page.reason : page.outcome;
  };
  expect(await ask("fly", null)).toBe("unknown-permission");
  expect(await ask("view_invoice", newId())).toBe("unknown-record");
  expect(await ask("view_roles", newId())).toBe("unknown-record");
  expect(await ask("view_invoice", null, "none")).toBe("unknown-cursor");
});

test("the report is a file whose cells nobody can make a formula of", async () => {
  const roleId = await aRole({ reset_factors: "all" }, `=HYPERLINK("x") ${newId()}`);
  const { id } = await aUser({ roles: [] });
  await prisma().user.update({ where: { id }, data: { name: '@SUM("a")' } });
  await give(id, roleId);
  const cookie = await aSession(admin.principal.userId);
  const path = "/api/v1/access/holders.csv?permission=reset_factors";
  const reply = await callApi({ method: "GET", path, cookie });
  expect(reply.status).toBe(200);
  expect(reply.headers["content-type"]).toBe("text/csv; charset=utf-8");
  const line = String(reply.body)
    .split("\r\n")
    .find((text) => text.includes(id));
  expect(line).toContain(`"'@SUM(""a"")"`);
  expect(line).toContain(`"'=HYPERLINK(""x"")`);
  const access = await callApi({ method: "GET", path: `/api/v1/users/${id}/access.csv`, cookie });
  expect(String(access.body)).toContain('"reset_factors","User","always","all"');
  const json = await send(cookie, "GET", `/api/v1/users/${id}/access`);
  expect(json.body.items).toContainEqual(
    expect.objectContaining({ permission: "reset_factors", reach: "all" }),
  );
});
