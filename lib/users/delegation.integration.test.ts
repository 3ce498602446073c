import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { createRole } from "@/lib/authz/create-role";
import { deleteRole } from "@/lib/authz/delete-role";
import { setRolePermissions } from "@/lib/authz/set-role-permissions";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { assignRoles } from "@/lib/users/assign-roles";
import { updateUser } from "@/lib/users/update-user";
import { anInstance, aRequest } from "@/tests/support/builders";
import { aRole, type Grants, give, holdingsOf } from "@/tests/support/roles";

// Delegated administration escalated in one product after the other (ATK-42).
// Here it is attacked with arbitrary graphs of users, roles and permissions and
// arbitrary changes, against rules that are written down a second time.

const OWNABLE = ["view_invoice", "delete_invoice", "manage_users", "assign_roles"] as const;
const OWNERLESS = ["manage_roles", "view_audit_log"] as const;

const grants: fc.Arbitrary<Grants> = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...OWNABLE), fc.constantFrom("all", "all", "own")),
    fc.dictionary(fc.constantFrom(...OWNERLESS), fc.constant("all" as const)),
  )
  .map(([ownable, ownerless]): Grants => ({ ...ownable, ...ownerless }));

const COUNT = 3;
const index = fc.nat(COUNT - 1);
const subset = fc.uniqueArray(index, { maxLength: COUNT });

const step = fc.oneof(
  fc.record({ kind: fc.constant("assign" as const), actor: index, user: index, roles: subset }),
  fc.record({ kind: fc.constant("edit" as const), actor: index, role: index, grants }),
  fc.record({ kind: fc.constant("create" as const), actor: index, grants }),
  fc.record({ kind: fc.constant("delete" as const), actor: index, role: index }),
  fc.record({ kind: fc.constant("disable" as const), actor: index, user: index }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

let organizationId: string;

beforeAll(async () => {
  await anInstance();
  const instance = await prisma().instance.findUniqueOrThrow({ where: { id: 1 } });
  organizationId = instance.defaultOrganizationId;
});

async function aBareUser(): Promise<string> {
  const id = newId();
  await prisma().user.create({
    data: { id, email: `${id}@example.com`, memberships: { create: { organizationId } } },
  });
  return id;
}

/** As the session query would describe them now. */
async function callerFor(userId: string): Promise<Caller> {
  const user = await prisma().user.findUniqueOrThrow({ where: { id: userId } });
  const instance = await prisma().instance.findUniqueOrThrow({ where: { id: 1 } });
  return {
    principal: {
      userId,
      email: user.email,
      name: null,
      locale: null,
      timeZone: null,
      organizationId,
      organizationName: "Default",
      means: "session",
      asOf: new Date(),
      clientId: null,
      session: {
        id: newId(),
        acr: "urn:gatehouse:aal1",
        amr: ["pwd"],
        authTime: new Date(),
        deviceTrusted: false,
        idleBeyondSeconds: null,
      },
      networks: [],
      secondFactorEnrolled: false,
      mfaRequired: false,
      adminMfaRequired: false,
      passwordExpired: false,
      deletionDueAt: null,
      termsPending: false,
      singleSignOnMissing: false,
      grantsVersion: `${user.grantsVersion}.${instance.authzVersion}`,
    },
    request: aRequest(),
  };
}

const TERMS = { expectedVersion: null, confirmed: true };

async function take(caller: Caller, step: Step, users: string[], roles: string[]): Promise<string> {
  const at = (list: string[], position: number) => list[position] ?? newId();
  const result = await (async () => {
    switch (step.kind) {
      case "assign": {
        const wanted = step.roles.map((role) => at(roles, role));
        return assignRoles(caller, at(users, step.user), wanted, TERMS);
      }
      case "edit":
        return setRolePermissions(caller, at(roles, step.role), step.grants, TERMS);
      case "create":
        return createRole(caller, { name: newId(), description: "", grants: step.grants });
      case "delete":
        return deleteRole(caller, at(roles, step.role), TERMS);
      case "disable":
        return updateUser(caller, at(users, step.user), { status: "disabled" }, TERMS);
    }
  })().catch((error: unknown) => {
    if (error instanceof AccessDenied) return { outcome: "rejected" };
    throw error;
  });
  return result.outcome;
}

/** The permissions in `wider` that `narrower` does not have as widely. */
const surplus = (wider: Grants, narrower: Grants): string[] =>
  Object.keys(wider).filter(
    (key) => narrower[key] === undefined || (wider[key] === "all" && narrower[key] === "own"),
  );

const only = (held: Grants, keys: string[]): Grants =>
  Object.fromEntries(Object.entries(held).filter(([key]) => keys.includes(key)));

async function stateOf(users: string[]) {
  const held = await Promise.all(users.map(holdingsOf));
  const rows = await prisma().user.findMany({ where: { id: { in: users } } });
  const statuses = users.map((id) => rows.find((row) => row.id === id)?.status);
  return { held, statuses };
}

async function checkStep(step: Step, users: string[], roles: string[]): Promise<void> {
  const before = await stateOf(users);
  const actor = users[step.actor] ?? "";
  const own = before.held[step.actor] ?? {};
  const outcome = await take(await callerFor(actor), step, users, roles);
  const after = await stateOf(users);
  if (outcome === "rejected" || outcome === "not-found") {
    expect(after, "a refused change changes nothing").toEqual(before);
    return;
  }
  expect(before.statuses[step.actor], "only active users change anything").toBe("active");
  for (const [position] of users.entries()) {
    const [was, is] = [before.held[position] ?? {}, after.held[position] ?? {}];
    const gained = surplus(is, was);
    expect(surplus(only(is, gained), own), "nothing is given that is not held").toEqual([]);
    const lost = surplus(was, is);
    expect(surplus(only(was, lost), own), "nothing is taken that is not held").toEqual([]);
    if (before.statuses[position] !== after.statuses[position]) {
      expect(surplus(was, own), "nobody above is disabled").toEqual([]);
    }
  }
  if (step.kind === "create") {
    expect(surplus(step.grants, own), "no role holds what its author lacks").toEqual([]);
  }
}

test("no sequence of changes gives, takes or disables beyond what its author holds (ATK-42)", {
  timeout: 180_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(grants, { minLength: COUNT, maxLength: COUNT }),
      fc.array(subset, { minLength: COUNT, maxLength: COUNT }),
      fc.array(step, { minLength: 1, maxLength: 8 }),
      async (roleGrants, holders, steps) => {
        const roles: string[] = [];
        for (const granted of roleGrants) roles.push(await aRole(granted));
        const users: string[] = [];
        for (const held of holders) {
          const id = await aBareUser();
          users.push(id);
          for (const role of held) await give(id, roles[role] ?? "");
        }
        for (const next of steps) await checkStep(next, users, roles);
      },
    ),
    { numRuns: 40 },
  );
});
