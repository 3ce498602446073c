import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { SEALED_COLUMNS } from "@/lib/keys/sealed-columns";
import { GRANT_TABLES } from "@/tests/support/grant-tables";

// Duties that one person must not hold together are judged by what came out of a guarded change (F98).
// That holds as long as nothing else writes what people hold. Here is who writes which table, by their
// text; that it is done in a guarded change is noted by the database itself while
// tests/attacks/delegation.integration.test.ts takes every step there is.

const ROOT = path.resolve(import.meta.dirname, "..");

interface Writer {
  tables: string[];
  /** Why nobody comes to hold two duties by it unjudged. */
  because: string;
}

const WRITERS: Record<string, Writer> = {
  "lib/authz/role-inheritance-store.ts": {
    tables: ["role_inheritance"],
    because: "set-role-inheritance and create-role are guarded changes",
  },
  "lib/access-reviews/grant-store.ts": {
    tables: ["service_account_roles", "team_memberships", "team_roles", "user_roles"],
    because: "takes away, and gives nothing",
  },
  "lib/authz/role-store.ts": {
    tables: ["role_permissions"],
    because: "change-role and create-role are guarded changes",
  },
  "lib/authz/sync-store.ts": {
    tables: ["role_permissions"],
    because: "extends roles that hold every permission, at the start",
  },
  "lib/organizations/organization-store.ts": {
    tables: ["memberships"],
    because: "the first member of a new organization holds there what they hold everywhere",
  },
  "lib/policies/policy-store.ts": {
    tables: ["policies"],
    because: "create-policy, operate-policies and policy-change are guarded changes",
  },
  "lib/service-accounts/service-account-store.ts": {
    tables: ["service_account_roles"],
    because: "assign-service-roles is a guarded change",
  },
  "lib/domains/domain-store.ts": {
    tables: ["memberships", "user_roles"],
    because: "join-by-domain asks for both sides before and after",
  },
  "lib/memberships/membership-store.ts": {
    tables: ["memberships", "user_roles"],
    because: "accept-invitation, remove-member and leave-organization are guarded changes",
  },
  "lib/sessions/session-store.ts": {
    tables: ["memberships"],
    because: "notes when a membership was last used, and nothing else of it",
  },
  "lib/teams/team-member-store.ts": {
    tables: ["team_memberships"],
    because: "team-change is a guarded change",
  },
  "lib/teams/team-role-store.ts": {
    tables: ["team_roles"],
    because: "team-change is a guarded change",
  },
  "lib/teams/team-store.ts": {
    tables: ["teams"],
    because: "create-team and team-change are guarded changes",
  },
  "lib/users/user-roles-store.ts": {
    tables: ["user_roles"],
    because: "replace-roles, requests and emergencies are guarded changes",
  },
  "lib/users/user-store.ts": {
    tables: ["memberships", "user_roles"],
    because:
      "guarded changes; sign-ups ask for both sides, and a change of one's own address; set-up and the first member have no conflict before them",
  },
};

const METHODS = [
  "create",
  "createMany",
  "createManyAndReturn",
  "update",
  "updateMany",
  "updateManyAndReturn",
  "upsert",
  "delete",
  "deleteMany",
].join("|");
/** By the names that other models have for them: a write within the write of something else. */
const RELATIONS: Record<string, string[]> = {
  user_roles: ["roles", "users", "userRoles", "grants"],
  role_permissions: ["permissions", "rolePermissions"],
  role_inheritance: ["inherits", "heirs"],
  teams: ["teams", "children"],
  team_memberships: ["members"],
  memberships: ["memberships"],
  policies: ["policies"],
};
const NESTED = "create|createMany|connectOrCreate|set|update|updateMany|upsert|delete|deleteMany";

function writtenIn(text: string): string[] {
  const names = Object.entries(GRANT_TABLES).filter(([table, model]) => {
    const relations = (RELATIONS[table] ?? []).join("|") || "-";
    return [
      new RegExp(`\\.${model}\\s*\\.(?:${METHODS})\\(`),
      new RegExp(`\\b(?:${relations}): \\{\\s*(?:${NESTED})\\b`),
      new RegExp(`(?:INSERT INTO|UPDATE|DELETE FROM|MERGE INTO) "?${table}"?\\b`, "i"),
    ].some((pattern) => pattern.test(text));
  });
  return names.map(([table]) => table).sort();
}

const sources = globSync("{app,lib,bin,components}/**/*.{ts,tsx,mjs}", { cwd: ROOT })
  .map((file) => file.replaceAll(path.sep, "/"))
  .filter((file) => !file.endsWith(".test.ts"))
  .map((file) => [file, readFileSync(path.join(ROOT, file), "utf8")] as const);

test("what people hold is written by the known stores alone, by each the tables that it is known for (F98)", () => {
  const written = sources
    .map(([file, text]) => [file, writtenIn(text)] as const)
    .filter(([, tables]) => tables.length > 0);
  const known = Object.entries(WRITERS).map(([file, { tables }]) => [file, tables]);
  expect(Object.fromEntries(written)).toEqual(Object.fromEntries(known));
});

/**
 * Rows of somebody who is gone are deleted by what lib/personal-data declares, which gives nobody
 * anything. Columns that are sealed are listed in lib/keys/sealed-columns.ts; none is of a grant.
 */
const COMPOSING = ["lib/personal-data/erasure-store.ts", "lib/platform/reencryption.ts"];

test("no statement writes a table whose name is put into it, but what erases, and seals columns anew", () => {
  const composed = /(?:INSERT INTO|UPDATE|DELETE FROM|MERGE INTO|TRUNCATE) \$\{/i;
  expect(composed.test("DELETE FROM ${Prisma.raw(table)}")).toBe(true);
  expect(
    sources
      .filter(([, text]) => composed.test(text))
      .map(([file]) => file)
      .sort(),
  ).toEqual(COMPOSING);
  expect(SEALED_COLUMNS.filter(({ table }) => table in GRANT_TABLES)).toEqual([]);
});

test("the rule finds what Prisma and SQL write, and nothing that is read", () => {
  expect(writtenIn("await db.userRole.createMany({})")).toEqual(["user_roles"]);
  expect(writtenIn("insert into user_roles AS held (id)")).toEqual(["user_roles"]);
  expect(writtenIn('DELETE FROM "team_memberships" WHERE true')).toEqual(["team_memberships"]);
  expect(writtenIn("data: { memberships: { create: { organizationId } } }")).toEqual([
    "memberships",
  ]);
  expect(writtenIn("SELECT 1 FROM memberships m JOIN user_roles r")).toEqual([]);
  expect(writtenIn("await db.userRole.findMany({})")).toEqual([]);
});
