import { beforeAll, expect, test } from "vitest";
import { CATALOGUE } from "@/app/resources";
import { AccessDenied, authorize } from "@/lib/authz/authorize";
import { readTrace } from "@/lib/authz/stored-trace";
import { replay } from "@/lib/authz/trace";
import type { Circumstances } from "@/lib/decisions/imagine-caller";
import type { Judgement } from "@/lib/decisions/judge";
import { type Simulated, simulate } from "@/lib/decisions/simulate";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { AssuranceInsufficient, TokenInsufficient } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";
import { aCaller, aRequest, aUser, callerOf } from "@/tests/support/builders";
import { ASKED, aRandomWorld, Random, type World } from "@/tests/support/random-world";
import { aCallerHolding } from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";

const CASES = 1_000;
const random = new Random(96);

let admin: Caller;
let world: World;

beforeAll(async () => {
  admin = await aCaller({ roles: ["Admin"] });
  world = await aRandomWorld(random);
});

const someCircumstances = (): Circumstances & { at: Date; authTime: Date } => {
  const at = new Date(Date.UTC(2027, random.below(12), 1 + random.below(28), random.below(24)));
  return {
    at,
    ip: random.pick([null, "192.0.2.9", "2001:db8::1", "198.51.100.1"]),
    means: random.pick(["session", "session", "app", "personal-token"]),
    acr: random.pick(["urn:gatehouse:aal1", "urn:gatehouse:aal2", "urn:gatehouse:aal3"]),
    authTime: new Date(at.getTime() - random.pick([0, 30, 500, 5_000]) * 1_000),
  };
};

/** What the real call answers a caller with such a session and such a request. */
async function reallyAsk(
  caller: Caller,
  permission: Permission,
  record: string | null,
): Promise<{ judgement: Judgement; decisionId: string | null }> {
  const { organizationId } = caller.principal;
  const source = CATALOGUE.resources[permission.resourceType];
  const row =
    record === null ? undefined : ((await source?.find(record, organizationId)) ?? undefined);
  try {
    await authorize(caller, permission, row);
    return { judgement: { outcome: "allowed" }, decisionId: null };
  } catch (error) {
    if (error instanceof AccessDenied) {
      const { reason, decisionId } = error;
      return { judgement: { outcome: "denied", reason }, decisionId };
    }
    if (error instanceof AssuranceInsufficient) {
      const { requirement } = error;
      return { judgement: { outcome: "proof-needed", requirement }, decisionId: null };
    }
    if (error instanceof TokenInsufficient) {
      return { judgement: { outcome: "token-insufficient", wants: error.wants }, decisionId: null };
    }
    throw error;
  }
}

test("what is tried out is answered as what is done, a thousand times, and every kept trace replays (F96, F95)", async () => {
  // A rule of the organization that asks administrators for a second factor.
  await prisma().signInPolicy.create({
    data: { organizationId: world.organizationId, adminMfaRequired: true },
  });
  const callers = new Map<string, Caller>();
  for (const { id } of world.users) callers.set(id, await callerOf(id));
  const strong = await withSecondFactor(admin);
  const outcomes = new Map<string, number>();
  for (let index = 0; index < CASES; index += 1) {
    const user = random.pick(world.users);
    const permission = random.pick(ASKED);
    const circumstances = someCircumstances();
    const named: Record<string, string[]> = {
      Invoice: world.invoiceIds,
      User: world.users.map(({ id }) => id),
    };
    const records = named[permission.resourceType];
    const record = records === undefined || random.chance(0.2) ? null : random.pick(records);
    const asked: Simulated = {
      subject: { type: "user", id: random.pick([user.id, user.email]) },
      permission: permission.key,
      record,
      circumstances,
    };
    const simulated = await simulate(strong, asked, CATALOGUE);
    const base = callers.get(user.id);
    if (base === undefined || simulated.outcome !== "simulated") throw new Error("not simulated");
    const { means, at, authTime, acr, ip } = circumstances;
    const caller: Caller = {
      principal: {
        ...base.principal,
        means,
        asOf: at,
        session: { ...base.principal.session, acr, authTime },
      },
      request: aRequest({ ip }),
    };
    const real = await reallyAsk(caller, permission, record);
    expect(simulated.judgement, JSON.stringify(asked)).toEqual(real.judgement);
    const key = "reason" in real.judgement ? real.judgement.reason : real.judgement.outcome;
    outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
    if (real.decisionId !== null && real.judgement.outcome === "denied") {
      const { trace } = await prisma().decisionTrace.findUniqueOrThrow({
        where: { id: real.decisionId },
      });
      const read = readTrace(trace);
      if (read.kind !== "decision") throw new Error("the trace cannot be read");
      expect(replay(read.trace)).toEqual(read.trace.verdict);
      expect(read.trace.verdict).toMatchObject({ reason: real.judgement.reason });
    }
  }
  // The world is no trivial one: every kind of answer was given.
  expect([...outcomes.keys()].sort()).toEqual([
    "allowed",
    "condition-not-met",
    "denied-by-policy",
    "no-grant",
    "proof-needed",
    "token-insufficient",
  ]);
  await prisma().signInPolicy.deleteMany();
}, 180_000);

async function withSecondFactor(caller: Caller): Promise<Caller> {
  const session = { ...caller.principal.session, acr: "urn:gatehouse:aal2" };
  return { ...caller, principal: { ...caller.principal, session } };
}

const now = (): Circumstances => ({
  at: null,
  ip: null,
  means: "session",
  acr: "urn:gatehouse:aal1",
  authTime: new Date(),
});

test("trying out records nothing and counts nothing", async () => {
  const counts = async () => [
    await prisma().auditEvent.count(),
    await prisma().decisionTrace.count(),
    (await prisma().policyShadowCount.findMany()).map(({ wouldAllow, wouldDeny }) => [
      wouldAllow,
      wouldDeny,
    ]),
  ];
  const before = await counts();
  for (const { id } of world.users) {
    for (const { key } of ASKED) {
      const subject = { type: "user", id } as const;
      await simulate(
        admin,
        { subject, permission: key, record: null, circumstances: now() },
        CATALOGUE,
      );
    }
  }
  expect(await counts()).toEqual(before);
});

test("nobody is tried out who cannot be seen, and nobody tries who may not", async () => {
  const target = await aUser();
  const asked = (id: string): Simulated => ({
    subject: { type: "user", id },
    permission: "view_invoice",
    record: null,
    circumstances: now(),
  });
  const foreigner = await aForeignCaller(["Admin"]);
  await prisma().membership.deleteMany({
    where: { userId: foreigner.principal.userId, organizationId: world.organizationId },
  });
  expect(await simulate(foreigner, asked(target.id), CATALOGUE)).toEqual({
    outcome: "rejected",
    reason: "unknown-subject",
  });
  expect(await simulate(admin, asked(foreigner.principal.userId), CATALOGUE)).toMatchObject({
    reason: "unknown-subject",
  });
  const auditor = await aCallerHolding({ view_decisions: "all" });
  await expect(simulate(auditor, asked(target.id), CATALOGUE)).rejects.toThrow("view_users");
  const clerk = await aCallerHolding({ view_users: "all" });
  await expect(simulate(clerk, asked(target.id), CATALOGUE)).rejects.toThrow("view_decisions");
  const own = await aCallerHolding({ view_decisions: "all", view_users: "own" });
  expect(await simulate(own, asked(target.id), CATALOGUE)).toMatchObject({
    reason: "unknown-subject",
  });
  expect(await simulate(own, asked(own.principal.userId), CATALOGUE)).toMatchObject({
    outcome: "simulated",
  });
});

test("what cannot be named is told apart, and a disabled user may nothing", async () => {
  const disabled = await aUser({ status: "disabled" });
  const ask = async (over: Partial<Simulated>) => {
    const { users } = world;
    const subject = { type: "user", id: users[0]?.id ?? "" } as const;
    const asked = { subject, permission: "view_invoice", record: null, circumstances: now() };
    const result = await simulate(admin, { ...asked, ...over }, CATALOGUE);
    return result.outcome === "rejected" ? result.reason : result.outcome;
  };
  expect(await ask({ permission: "fly" })).toBe("unknown-permission");
  expect(await ask({ record: newId() })).toBe("unknown-record");
  expect(await ask({ permission: "view_roles", record: newId() })).toBe("unknown-record");
  expect(await ask({ subject: { type: "user", id: "nobody@example.com" } })).toBe(
    "unknown-subject",
  );
  expect(await ask({ subject: { type: "service", id: newId() } })).toBe("unknown-subject");
  expect(await ask({ subject: { type: "user", id: disabled.id } })).toBe("inactive-subject");
  expect(await ask({})).toBe("simulated");
});
