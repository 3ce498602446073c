import { beforeAll, describe, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { joinByDomain } from "@/lib/domains/join-by-domain";
import {
  addDomain,
  type Domain,
  listDomains,
  removeDomain,
  setAutoJoin,
  verifyDomain,
} from "@/lib/domains/manage-domains";
import { recheckDomains } from "@/lib/domains/recheck-domains";
import { findStanding } from "@/lib/domains/verified-domains";
import { prisma } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { aCaller, anInstance, aRequest, aUser } from "@/tests/support/builders";
import { aResolver, aVerifiedDomain } from "@/tests/support/domains";
import { race } from "@/tests/support/race";
import { aCallerHolding, aRole, eventsOf, give, roleIdNamed } from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";
import { anOrganization } from "@/tests/support/teams";

let admin: Caller;

beforeAll(async () => {
  await anInstance();
  admin = await aCaller({ roles: ["Admin"] });
});

const aDomain = () => `${newId()}.example`;

async function added(caller: Caller, domain = aDomain()): Promise<Domain> {
  const result = await addDomain(caller, domain);
  if (result.outcome !== "added") throw new Error(result.reason);
  return result.domain;
}

/** A DNS in which the records of all of these are. */
function proving(...domains: Domain[]) {
  const answers: Record<string, string[]> = {};
  for (const { record } of domains) (answers[record.name] ??= []).push(record.value);
  return aResolver(answers);
}

const stateOf = (id: string) => prisma().organizationDomain.findUniqueOrThrow({ where: { id } });

describe("a domain (F83)", () => {
  test("is its organization's once its record is in the DNS, and not before", async () => {
    const caller = await aCaller({ roles: ["Admin"] });
    const { organizationId } = caller.principal;
    const domain = await added(caller);
    expect(domain.record.name).toBe(`_gatehouse.${domain.domain}`);
    expect(await findStanding(domain.domain, organizationId)).toBe("unverified");
    expect(await verifyDomain(caller, domain.id, aResolver())).toMatchObject({
      outcome: "rejected",
      reason: "no-record",
    });
    expect(await stateOf(domain.id)).toMatchObject({ verifiedAt: null, failure: "no-record" });
    expect(await verifyDomain(caller, domain.id, proving(domain))).toMatchObject({
      outcome: "verified",
      domain: { failure: null, failingSince: null, verifiedAt: expect.any(Date) },
    });
    expect(await findStanding(domain.domain, organizationId)).toBe("own");
    await removeDomain(caller, domain.id);
    expect(await findStanding(domain.domain, organizationId)).toBe("unverified");
    expect((await eventsOf(caller)).map(({ action }) => action)).toEqual([
      "domain.added",
      "domain.verified",
      "domain.removed",
    ]);
  });

  test("has a record that nobody can guess, and that proves no other domain", async () => {
    const [one, other] = [await added(admin), await added(admin)];
    expect(one.record.value).toMatch(/^gatehouse-verification=[A-Za-z0-9_-]{43}$/);
    expect(one.record.value).not.toBe(other.record.value);
    const answers = { [other.record.name]: [one.record.value] };
    expect(await verifyDomain(admin, other.id, aResolver(answers))).toMatchObject({
      reason: "other-record",
    });
  });

  test("that is a public suffix, or where anybody can have an address, is refused", async () => {
    expect(await addDomain(admin, "co.uk")).toMatchObject({ reason: "public-suffix" });
    expect(await addDomain(admin, "gmail.com")).toMatchObject({ reason: "free-mail" });
  });

  test("is added once, and twenty who add it at the same time add it once", async () => {
    const domain = aDomain();
    const results = await race(20, () => addDomain(admin, domain));
    expect(results.filter(({ outcome }) => outcome === "added")).toHaveLength(1);
    expect(await addDomain(admin, domain)).toMatchObject({ reason: "domain-taken" });
  });

  test("is verified for one organization at a time, whoever is faster", async () => {
    const stranger = await aForeignCaller(["Admin"]);
    const domain = aDomain();
    const [here, there] = [await added(admin, domain), await added(stranger, domain)];
    expect(here.record.value).not.toBe(there.record.value);
    const resolver = proving(here, there);
    const results = await Promise.all([
      verifyDomain(admin, here.id, resolver),
      verifyDomain(stranger, there.id, resolver),
    ]);
    expect(results.filter(({ outcome }) => outcome === "verified")).toHaveLength(1);
    const late = results.find(({ outcome }) => outcome === "rejected");
    expect(late).toMatchObject({ reason: "verified-elsewhere" });
    const verified = { domain, verifiedAt: { not: null } };
    expect(await prisma().organizationDomain.count({ where: verified })).toBe(1);
    await expect(
      prisma().organizationDomain.updateMany({
        where: { domain },
        data: { verifiedAt: new Date() },
      }),
    ).rejects.toThrow(/./);
  });

  test("of another organization does not exist (ATK-43)", async () => {
    const stranger = await aForeignCaller(["Admin"]);
    const domain = await added(admin);
    const gone = { outcome: "not-found" };
    expect(await verifyDomain(stranger, domain.id, proving(domain))).toEqual(gone);
    expect(await setAutoJoin(stranger, domain.id, true)).toEqual(gone);
    expect(await removeDomain(stranger, domain.id)).toEqual(gone);
    expect(await listDomains(stranger)).toEqual([]);
    expect(await stateOf(domain.id)).toMatchObject({ verifiedAt: null });
  });

  test("is seen and changed with the permissions alone", async () => {
    const viewer = await aCallerHolding({ view_domains: "all" });
    const domain = await added(admin);
    expect((await listDomains(viewer)).map(({ id }) => id)).toContain(domain.id);
    await expect(addDomain(viewer, aDomain())).rejects.toThrow(AccessDenied);
    await expect(verifyDomain(viewer, domain.id, proving(domain))).rejects.toThrow(AccessDenied);
    await expect(listDomains(await aCallerHolding({}))).rejects.toThrow(AccessDenied);
  });

  test("is looked up only so often", async () => {
    const stranger = await aForeignCaller(["Admin"]);
    const domain = await added(stranger);
    const resolver = aResolver();
    const results = await race(70, () => verifyDomain(stranger, domain.id, resolver));
    expect(results.filter(({ outcome }) => outcome === "limited")).toHaveLength(10);
    expect(resolver.asked).toHaveLength(60);
  });
});

describe("a verified domain is looked up again", () => {
  const days = (count: number) => new Date(Date.now() - count * 86_400_000);
  const settle = (data: object, id: string) =>
    prisma().organizationDomain.update({ where: { id }, data });

  async function aDueDomain(data: object = {}) {
    const id = await aVerifiedDomain(aDomain(), admin.principal.organizationId, { autoJoin: true });
    await settle({ lastCheckedAt: days(2), ...data }, id);
    const { domain, token } = await stateOf(id);
    const record = [`gatehouse-verification=${token}`];
    return { id, domain, answers: { [`_gatehouse.${domain}`]: record } };
  }

  test("once a day, by one of many instances", async () => {
    const { id, answers } = await aDueDomain({ failingSince: days(1), failure: "unreachable" });
    const resolver = aResolver(answers);
    const counts = await race(10, () => recheckDomains(resolver));
    expect(counts.reduce((one, other) => one + other)).toBe(1);
    expect(resolver.asked).toHaveLength(1);
    expect(await stateOf(id)).toMatchObject({ failure: null, failingSince: null });
  });

  test("and stays verified while it fails for less than a week", async () => {
    const { id } = await aDueDomain({ failingSince: days(6), failure: "no-record" });
    await recheckDomains(aResolver());
    expect(await stateOf(id)).toMatchObject({ verifiedAt: expect.any(Date), autoJoin: true });
  });

  test("and is not verified any more once it has failed for a week, for whatever reason", async () => {
    for (const outcome of ["none", "unreachable"] as const) {
      const { id, domain } = await aDueDomain({ failingSince: days(8), failure: "no-record" });
      await recheckDomains(aResolver({ [`_gatehouse.${domain}`]: { outcome } }));
      expect(await stateOf(id)).toMatchObject({ verifiedAt: null, autoJoin: false });
      const where = { action: "domain.unverified", targetId: id };
      expect(await prisma().auditEvent.findFirst({ where })).toMatchObject({ actorType: "system" });
      // It is another organization's to verify now.
      expect(await aVerifiedDomain(domain, await anOrganization())).not.toBe(id);
    }
  });

  test("and is not asked about again before the next day", async () => {
    const resolver = aResolver();
    expect(await recheckDomains(resolver)).toBe(0);
    expect(resolver.asked).toEqual([]);
  });
});

describe("whoever confirms an address of a domain", () => {
  const join = (userId: string, email: string, within?: string) =>
    inTransaction((tx) => joinByDomain({ userId, email, within }, aRequest(), tx));
  const placesOf = async (userId: string) =>
    (await prisma().membership.findMany({ where: { userId } })).map((row) => row.organizationId);

  test("joins its organization with the roles of a sign-up there, once, on record", async () => {
    const [domain, organizationId] = [aDomain(), await anOrganization()];
    await aVerifiedDomain(domain, organizationId, { autoJoin: true });
    const { id } = await aUser({ roles: [] });
    await race(5, () => join(id, `ada@${domain}`));
    expect(await placesOf(id)).toContain(organizationId);
    const roles = await prisma().userRole.findMany({ where: { userId: id } });
    expect(roles.map((row) => [row.roleId, row.organizationId])).toEqual([
      [await roleIdNamed("User"), organizationId],
    ]);
    const where = { action: "organization.member_joined", targetId: id };
    expect(await prisma().auditEvent.count({ where })).toBe(1);
  });

  test("comes to hold no two duties by it (F98)", async () => {
    const [domain, organizationId] = [aDomain(), await anOrganization()];
    await aVerifiedDomain(domain, organizationId, { autoJoin: true });
    const [leftKeys, rightKeys] = [["view_invoice"], ["delete_invoice"]];
    await prisma().dutyConflict.create({
      data: { organizationId, name: "Both", leftKeys, rightKeys },
    });
    const half = await aUser({ roles: [] });
    await give(half.id, await aRole({ delete_invoice: "all" }));
    await join(half.id, `ada@${domain}`);
    expect(await placesOf(half.id)).toContain(organizationId);
    expect(await prisma().userRole.count({ where: { userId: half.id, organizationId } })).toBe(0);
    const whole = await aUser({ roles: [] });
    await give(whole.id, await aRole({ delete_invoice: "all", view_invoice: "own" }));
    await join(whole.id, `bob@${domain}`);
    expect(await placesOf(whole.id)).not.toContain(organizationId);
  });

  test.each([
    ["that is not verified", { verifiedAt: null, autoJoin: true }, ""],
    ["that takes nobody in", { autoJoin: false }, ""],
    ["below it", { autoJoin: true }, "sub."],
    ["that only ends like it", { autoJoin: true }, "x"],
  ])("joins nothing by a domain %s", async (_what, state, prefix) => {
    const [domain, organizationId] = [aDomain(), await anOrganization()];
    const row = await aVerifiedDomain(domain, organizationId);
    await prisma().organizationDomain.update({ where: { id: row }, data: state });
    const { id } = await aUser({ roles: [] });
    await join(id, `ada@${prefix}${domain}`);
    expect(await placesOf(id)).not.toContain(organizationId);
    expect(await prisma().userRole.count({ where: { userId: id } })).toBe(0);
  });

  test("joins nothing where the proof is another organization's word", async () => {
    const [domain, organizationId] = [aDomain(), await anOrganization()];
    await aVerifiedDomain(domain, organizationId, { autoJoin: true });
    const { id } = await aUser({ roles: [] });
    await join(id, `ada@${domain}`, admin.principal.organizationId);
    expect(await placesOf(id)).not.toContain(organizationId);
  });

  test("is taken in only where somebody has switched that on who holds what they get (ATK-42)", async () => {
    const { id } = await added(admin);
    expect(await setAutoJoin(admin, id, true)).toMatchObject({ reason: "unverified" });
    const row = await stateOf(id);
    await aVerifiedDomain(row.domain, row.organizationId);
    const delegate = await aCallerHolding({ manage_domains: "all" });
    expect(await setAutoJoin(delegate, id, true)).toMatchObject({
      reason: "beyond-own-permissions",
    });
    expect(await setAutoJoin(admin, id, true)).toMatchObject({ domain: { autoJoin: true } });
    expect(await setAutoJoin(delegate, id, false)).toMatchObject({ domain: { autoJoin: false } });
  });
});
