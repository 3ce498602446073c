import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { describeRole } from "@/lib/authz/describe-role";
import { foreseeAskingRole } from "@/lib/organizations/foresee-asking-role";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { holdOf } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { aCaller, aSession } from "@/tests/support/builders";
import { aPhone, aTotp } from "@/tests/support/factors";
import { aCallerHolding, aRole, give } from "@/tests/support/roles";

let admin: Caller;

beforeAll(async () => {
  admin = await aCaller({ roles: ["Admin"] });
});

const Person = fc.record({
  by: fc.constantFrom("nothing", "role", "heir", "team", "role", "expired"),
  otherwise: fc.boolean(),
  factor: fc.constantFrom("none", "none", "totp", "phone"),
  sessions: fc.integer({ min: 0, max: 2 }),
  raised: fc.boolean(),
  status: fc.constantFrom("active" as const, "active" as const, "disabled" as const),
});

test("a preview of a role that asks for a factor tells who is held then, and of one that ceases, who is not", async () => {
  const { organizationId } = admin.principal;
  const policy = { organizationId, mfaRequired: false };
  let held = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(Person, { minLength: 3, maxLength: 5 }),
      fc.boolean(),
      fc.boolean(),
      async (people, smsAllowed, begins) => {
        await prisma().signInPolicy.upsert({
          where: { organizationId },
          create: { ...policy, smsAllowed },
          update: { ...policy, smsAllowed },
        });
        const [role, heir, other] = [await aRole({}), await aRole({}), await aRole({})];
        await prisma().roleInheritance.create({ data: { roleId: heir, inheritedRoleId: role } });
        await prisma().role.update({ where: { id: other }, data: { mfaRequired: true } });
        await prisma().role.update({ where: { id: role }, data: { mfaRequired: !begins } });
        const above = await prisma().team.create({
          data: { id: newId(), organizationId, name: `Team ${newId()}` },
        });
        const within = await prisma().team.create({
          data: { id: newId(), organizationId, name: `Team ${newId()}`, parentId: above.id },
        });
        await prisma().teamRole.create({ data: { teamId: above.id, roleId: heir } });

        const cookies: { userId: string; cookie: string }[] = [];
        const withoutFactor = new Set<string>();
        for (const { by, otherwise, factor, sessions, raised, status } of people) {
          const userId = newId();
          await prisma().user.create({
            data: {
              id: userId,
              email: `${userId}@example.com`,
              status,
              memberships: { create: { organizationId } },
            },
          });
          if (by === "role") await give(userId, role);
          if (by === "heir") await give(userId, heir);
          if (by === "expired") await give(userId, role, { expiresAt: new Date(Date.now() - 1) });
          if (by === "team") {
            await prisma().teamMembership.create({
              data: { teamId: within.id, userId, organizationId },
            });
          }
          if (otherwise) await give(userId, other);
          if (factor === "totp") await aTotp(userId);
          if (factor === "phone") await aPhone(userId);
          if (factor === "none" || (factor === "phone" && !smsAllowed)) withoutFactor.add(userId);
          for (let index = 0; index < sessions; index += 1) {
            cookies.push({ userId, cookie: await aSession(userId) });
          }
          if (raised) {
            const acr = "urn:gatehouse:aal2";
            await prisma().session.updateMany({ where: { userId }, data: { acr } });
          }
        }
        const isHeld = async () => {
          const found = [];
          for (const { cookie } of cookies) {
            const principal = await findPrincipal(cookie);
            found.push(principal === null ? null : holdOf(principal) === "second-factor");
          }
          return found;
        };
        const asksNow = async () => {
          const rows = await prisma().$queryRaw<{ userId: string }[]>`
            SELECT DISTINCT u.id AS "userId" FROM users u JOIN given_roles g ON g.user_id = u.id
              JOIN roles r ON r.id = g.given_role_id
             WHERE r.mfa_required AND u.status = 'active' AND r.id IN (${role}::uuid, ${other}::uuid)`;
          return new Set(rows.map(({ userId }) => userId));
        };
        const [had, askedBefore] = [await isHeld(), await asksNow()];
        const wanted = { id: role, mfaRequired: begins };
        const told = await foreseeAskingRole(admin, wanted, USER_PERMISSIONS.view);
        expect(await isHeld()).toEqual(had);
        const terms = { expectedVersion: null, confirmed: false };
        const saved = await describeRole(admin, role, { mfaRequired: begins }, terms);
        expect(saved).toMatchObject({ outcome: "changed" });
        const [has, askedAfter] = [await isHeld(), await asksNow()];

        const turned = cookies.filter((_, index) => had[index] !== has[index]);
        const counts = {
          sessions: turned.length,
          people: new Set(turned.map(({ userId }) => userId)).size,
        };
        const none = { sessions: 0, people: 0 };
        expect(told.sessions.fates["second-factor"]).toEqual(begins ? counts : none);
        expect(told.sessions.freed).toEqual(begins ? none : counts);
        const differing = begins
          ? [...askedAfter].filter((id) => !askedBefore.has(id))
          : [...askedBefore].filter((id) => !askedAfter.has(id));
        expect(told.asked).toBe(differing.length);
        const led = begins ? differing.filter((id) => withoutFactor.has(id)).sort() : [];
        expect(told.led).toBe(led.length);
        expect(told.named.map(({ id }) => id).sort()).toEqual(led);
        held += turned.length;
      },
    ),
    { numRuns: 40 },
  );
  expect(held).toBeGreaterThan(5);
  await prisma().signInPolicy.deleteMany({ where: { organizationId } });
}, 240_000);

test("the author is told that they are asked themselves, and names only whoever may see people", async () => {
  const author = await aCallerHolding({ manage_roles: "all" });
  const role = await aRole({});
  await give(author.principal.userId, role);
  const wanted = { id: role, mfaRequired: true };
  expect(await foreseeAskingRole(author, wanted, USER_PERMISSIONS.view)).toMatchObject({
    asked: 1,
    led: 1,
    named: [],
    unnamed: 1,
    sessions: { own: "second-factor" },
  });
});
