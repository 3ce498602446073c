import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { PERMISSIONS } from "@/app/permissions";
import { previewSignInRules, type RulesImpact } from "@/lib/organizations/preview-sign-in-rules";
import { changeSignInRules, findSignInRules } from "@/lib/organizations/sign-in-rules";
import { DEFAULT_SIGN_IN_RULES, type SignInRules } from "@/lib/organizations/sign-in-rules.schema";
import { findRules } from "@/lib/organizations/sign-in-rules-store";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { findPrincipal } from "@/lib/sessions/current-principal";
import type { SessionFate } from "@/lib/sessions/foresee-sessions";
import { isWithinRanges } from "@/lib/shared/address-range";
import { ruleHoldOf } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { anInstance, aUser, callerWith } from "@/tests/support/builders";
import { aConnection, aSessionThrough } from "@/tests/support/connections";
import { aRole, give } from "@/tests/support/roles";

const SEEN = { naming: USER_PERMISSIONS.view, permissions: PERMISSIONS };
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);

beforeEach(async () => {
  await anInstance();
  await prisma().signInPolicy.deleteMany();
  await prisma().user.updateMany({ data: { status: "disabled" } });
});

async function preview(caller: Caller, rules: SignInRules): Promise<RulesImpact> {
  const { version } = await findRules(caller.principal.organizationId);
  const result = await previewSignInRules(caller, rules, { expectedVersion: version }, SEEN);
  if (result.outcome !== "previewed") throw new Error(`no preview: ${result.outcome}`);
  return result.impact;
}

async function save(caller: Caller, rules: SignInRules): Promise<void> {
  const { version } = await findRules(caller.principal.organizationId);
  const accepted = { expectedVersion: version, confirmed: true, networkConfirmed: true };
  expect(await changeSignInRules(caller, rules, accepted)).toEqual({ outcome: "changed" });
}

// --- The same by brute force: each session asks as a request does ---

interface Opened {
  id: string;
  cookie: string;
  userId: string;
  ip: string | null;
}

async function fatesNow(opened: Opened[]): Promise<(SessionFate | null)[]> {
  const ids = opened.map(({ id }) => id);
  const seen = await prisma().session.findMany({ where: { id: { in: ids } } });
  const fates: (SessionFate | null)[] = [];
  for (const { cookie, ip } of opened) {
    const principal = await findPrincipal(cookie);
    if (principal === null) fates.push("ended");
    else fates.push(isWithinRanges(ip, principal.networks) ? ruleHoldOf(principal) : "network");
  }
  // Asking is a use of it, which is not to be what the next one sees.
  for (const { id, lastSeenAt } of seen) {
    await prisma().session.update({ where: { id }, data: { lastSeenAt } });
  }
  return fates;
}

const Rules = fc
  .record({
    // What is asked first is asked seldom, or what comes after it would hardly be met.
    ssoRequired: fc.constantFrom(true, false, false, false, false),
    mfaRequired: fc.boolean(),
    smsAllowed: fc.boolean(),
    trustedDeviceDays: fc.constantFrom(0, 1, 30),
    sessionLevel: fc.constantFrom(
      null,
      "aal1" as const,
      ...(["aal2", "aal2", "aal3", "aal3"] as const),
    ),
    sessionHoursMax: fc.constantFrom(null, 1, 20),
    networks: fc.constantFrom([], [], [], ["192.0.2.0/24"], ["192.0.2.0/24", "198.51.100.0/24"]),
    passwordMaxAgeDays: fc.constantFrom(null, 10),
  })
  .map(
    (rules): SignInRules => ({
      ...DEFAULT_SIGN_IN_RULES,
      ...rules,
      networks: [...rules.networks],
    }),
  );

const Session = fc.record({
  person: fc.integer({ min: 0, max: 3 }),
  ageHours: fc.constantFrom(0, 2, 13, 25),
  idleHours: fc.constantFrom(0, 0.5, 1.5),
  acr: fc.constantFrom("urn:gatehouse:aal1", "urn:gatehouse:aal2"),
  amr: fc.constantFrom(["pwd"], ["pwd", "sms"], ["pwd", "otp"]),
  ip: fc.constantFrom(null, "192.0.2.9", "198.51.100.9", "203.0.113.9"),
  trustedDays: fc.constantFrom(null, 0, 5),
  /** Through a connection of the organization, through none, or through one that led elsewhere then. */
  came: fc.constantFrom("through", "through", "otherwise", "elsewhere"),
  revoked: fc.boolean(),
});

const Person = fc.record({
  passwordDays: fc.constantFrom(null, 1, 20),
  asked: fc.boolean(),
  status: fc.constantFrom("active" as const, "active" as const, "disabled" as const),
});

const World = fc.record({
  people: fc.array(Person, { minLength: 4, maxLength: 4 }),
  sessions: fc.array(Session, { minLength: 3, maxLength: 8 }),
});

/** What chance seldom brings about, each by one rule. */
const worldOf = (
  passwordDays: 20 | null,
  session: Pick<Made["sessions"][number], "ageHours" | "idleHours" | "came">,
): Made => ({
  people: Array.from({ length: 4 }, () => ({ passwordDays, asked: false, status: "active" })),
  sessions: [0, 1, 2].map((person) => ({
    person,
    acr: "urn:gatehouse:aal2",
    amr: ["pwd", "otp"],
    ip: null,
    trustedDays: null,
    revoked: false,
    ...session,
  })),
});
const UNUSED = worldOf(null, { ageHours: 2, idleHours: 1.5, came: "through" });
const BESIDE = worldOf(20, { ageHours: 0, idleHours: 0, came: "otherwise" });
const SELDOM: [SignInRules, SignInRules, Made][] = (
  [
    [{ sessionLevel: "aal3" }, UNUSED],
    [{ ssoRequired: true }, BESIDE],
    [{ passwordMaxAgeDays: 10 }, BESIDE],
  ] as const
).map(([rules, made]) => [DEFAULT_SIGN_IN_RULES, { ...DEFAULT_SIGN_IN_RULES, ...rules }, made]);

type Made = typeof World extends fc.Arbitrary<infer T> ? T : never;

async function build(
  { people, sessions }: Made,
  organizationId: string,
  connection: Awaited<ReturnType<typeof aConnection>>,
): Promise<Opened[]> {
  const asking = await aRole({});
  await prisma().role.update({ where: { id: asking }, data: { mfaRequired: true } });
  const ids: string[] = [];
  for (const { passwordDays, asked, status } of people) {
    const id = newId();
    ids.push(id);
    await prisma().user.create({
      data: {
        id,
        email: `${id}@example.com`,
        status,
        memberships: { create: { organizationId } },
        ...(passwordDays !== null && {
          passwordCredential: {
            create: { hash: "none", changedAt: hoursAgo(passwordDays * 24) },
          },
        }),
      },
    });
    if (asked) await give(id, asking);
  }
  const opened: Opened[] = [];
  for (const session of sessions) {
    const { person, ageHours, idleHours, acr, amr, ip, trustedDays, came, revoked } = session;
    const [id, cookie, userId] = [newId(), newSecret(), ids[person] as string];
    const device =
      trustedDays === null
        ? null
        : await prisma().device.create({
            data: {
              userId,
              tokenHash: hashSecret(newSecret()),
              trustedAt: hoursAgo(trustedDays * 24),
              trustedUntil: hoursAgo(-24),
            },
          });
    const seen = hoursAgo(Math.min(idleHours, ageHours));
    await prisma().session.create({
      data: {
        id,
        tokenHash: hashSecret(cookie),
        userId,
        organizationId,
        deviceId: device?.id ?? null,
        ip,
        acr,
        amr: [...amr],
        authTime: hoursAgo(ageHours),
        createdAt: hoursAgo(ageHours),
        lastSeenAt: seen,
        idleExpiresAt: hoursAgo(-24),
        absoluteExpiresAt: hoursAgo(-48),
        ...(revoked && { revokedAt: new Date() }),
      },
    });
    if (came !== "otherwise") {
      const issuer = came === "through" ? connection.issuer : "https://former.example";
      await prisma().upstreamSession.create({
        data: {
          sessionId: id,
          provider: connection.slug,
          connectionId: connection.id,
          issuer,
          subject: userId,
          idToken: Buffer.from("sealed"),
        },
      });
    }
    opened.push({ id, cookie, userId, ip });
  }
  return opened;
}

test("a preview of the rules tells the fate of every open session, as the next requests then meet it", async () => {
  const told = new Set<string>();
  const connection = await aConnection();
  const { id: authorId } = await aUser({ roles: ["Admin"] });
  const caller = await callerWith(await aSessionThrough(authorId, connection));
  const { organizationId } = caller.principal;
  await fc.assert(
    fc.asyncProperty(Rules, Rules, World, async (present, wanted, made) => {
      const others = { id: { not: caller.principal.userId } };
      await prisma().user.updateMany({ where: others, data: { status: "disabled" } });
      await prisma().signInPolicy.deleteMany();
      await save(caller, present);
      const opened = await build(made, organizationId, connection);
      const had = await fatesNow(opened);
      const { sessions } = await preview(caller, wanted);
      expect(await findSignInRules(organizationId)).toMatchObject(present);
      // Looking moved nothing.
      expect(await fatesNow(opened)).toEqual(had);
      await save(caller, wanted);
      const has = await fatesNow(opened);

      const fates: Record<string, { sessions: number; people: Set<string> }> = {};
      for (const [index, { userId }] of opened.entries()) {
        if (had[index] === has[index] || had[index] === "ended") continue;
        const key = has[index] ?? "freed";
        fates[key] ??= { sessions: 0, people: new Set() };
        fates[key].sessions += 1;
        fates[key].people.add(userId);
      }
      const expected = (key: string) => ({
        sessions: fates[key]?.sessions ?? 0,
        people: fates[key]?.people.size ?? 0,
      });
      const ownKey = sessions.own;
      for (const [key, counts] of Object.entries({ ...sessions.fates, freed: sessions.freed })) {
        const own = ownKey === key || (key === "freed" && ownFreed(present, wanted)) ? 1 : 0;
        expect({ key, ...counts }).toEqual({
          key,
          sessions: expected(key).sessions + own,
          people: expected(key).people + own,
        });
      }
      for (const key of Object.keys(fates)) told.add(key);
    }),
    { numRuns: 80, examples: SELDOM },
  );
  expect([...told].sort()).toEqual(
    ["ended", "freed", "idle", "network", "password", "second-factor", "single-sign-on"].sort(),
  );
}, 240_000);

/** The author has proven one factor, a moment ago, at 192.0.2.1. */
const ownFreed = (present: SignInRules, wanted: SignInRules): boolean =>
  present.mfaRequired && !wanted.mfaRequired;
