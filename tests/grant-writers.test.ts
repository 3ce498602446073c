import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

// Duties that one person must not hold together are judged by what came out of a guarded change (F98).
// That holds as long as nothing else writes what people hold.

const ROOT = path.resolve(import.meta.dirname, "..");

/** What says who holds what, by its table and by its name in Prisma. */
const TABLES: Record<string, string> = {
  user_roles: "userRole",
  role_permissions: "rolePermission",
  role_inheritance: "roleInheritance",
  teams: "team",
  team_roles: "teamRole",
  team_memberships: "teamMembership",
  memberships: "membership",
  service_account_roles: "serviceAccountRole",
  policies: "policy",
};

/** The stores that write them, and why nobody comes to hold two duties by each unjudged. */
const WRITERS: Record<string, string> = {
  "lib/authz/role-inheritance-store.ts": "set-role-inheritance and create-role are guarded changes",
  "lib/access-reviews/grant-store.ts": "takes away, and gives nothing",
  "lib/authz/role-store.ts": "change-role and create-role are guarded changes",
  "lib/authz/sync-store.ts": "extends roles that hold every permission, at the start",
  "lib/policies/policy-store.ts":
    "create-policy, operate-policies and policy-change are guarded changes",
  "lib/service-accounts/service-account-store.ts": "assign-service-roles is a guarded change",
  "lib/domains/domain-store.ts": "join-by-domain asks for both sides before and after",
  "lib/memberships/membership-store.ts":
    "accept-invitation, remove-member and leave-organization are guarded changes",
  "lib/sessions/session-store.ts": "notes when a membership was last used, and nothing else of it",
  "lib/teams/team-member-store.ts": "team-change is a guarded change",
  "lib/teams/team-role-store.ts": "team-change is a guarded change",
  "lib/teams/team-store.ts": "create-team and team-change are guarded changes",
  "lib/users/user-roles-store.ts": "replace-roles, requests and emergencies are guarded changes",
  "lib/users/user-store.ts":
    "guarded changes; sign-ups ask for both sides; set-up and the first member have no conflict before them",
};

const METHODS = "create|createMany|createManyAndReturn|update|updateMany|upsert|delete|deleteMany";

function writtenIn(text: string): string[] {
  const names = Object.entries(TABLES).filter(([table, model]) => {
    const byPrisma = new RegExp(`\\.${model}\\.(?:${METHODS})\\(`);
    const bySql = new RegExp(`(?:INSERT INTO|UPDATE|DELETE FROM|MERGE INTO) "?${table}"?\\b`, "i");
    return byPrisma.test(text) || bySql.test(text);
  });
  return names.map(([table]) => table);
}

test("what people hold is written by the known stores alone, each behind a guarded change (F98)", () => {
  const writers = globSync("{app,lib,bin,components}/**/*.{ts,tsx,mjs}", { cwd: ROOT })
    .map((file) => file.replaceAll(path.sep, "/"))
    .filter((file) => !file.endsWith(".test.ts"))
    .filter((file) => writtenIn(readFileSync(path.join(ROOT, file), "utf8")).length > 0);
  expect(writers.sort()).toEqual(Object.keys(WRITERS).sort());
});

test("the rule finds what Prisma and SQL write, and nothing that is read", () => {
  expect(writtenIn("await db.userRole.createMany({})")).toEqual(["user_roles"]);
  expect(writtenIn("insert into user_roles AS held (id)")).toEqual(["user_roles"]);
  expect(writtenIn('DELETE FROM "team_memberships" WHERE true')).toEqual(["team_memberships"]);
  expect(writtenIn("SELECT 1 FROM memberships m JOIN user_roles r")).toEqual([]);
  expect(writtenIn("await db.userRole.findMany({})")).toEqual([]);
});
