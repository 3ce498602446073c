import { beforeAll, expect, test } from "vitest";
import { signInWithPassword } from "@/lib/authn/sign-in-with-password";
import { AccessDenied } from "@/lib/authz/authorize";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { AssuranceInsufficient } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import {
  applyImport,
  applyImportAsOperator,
  type ImportStep,
} from "@/lib/user-imports/apply-import";
import { checkImport, checkImportAsOperator } from "@/lib/user-imports/check-import";
import { exportRemarks, listImports, viewImport } from "@/lib/user-imports/list-imports";
import { purgeImports } from "@/lib/user-imports/purge-imports";
import type { ImportFormat } from "@/lib/user-imports/user-import.schema";
import { aCaller, anInstance, aRequest, aUser } from "@/tests/support/builders";
import { anOrganization } from "@/tests/support/organizations";
import { race } from "@/tests/support/race";
import { aCallerHolding, aRole } from "@/tests/support/roles";
import { USER_EXPORTS } from "@/tests/support/user-exports";

let administrator: Caller;

beforeAll(async () => {
  await anInstance();
  administrator = await aCaller({ roles: ["Admin"] });
});

/** Rows are told apart by the domain of their test. */
const aDomain = () => `${newId()}.example`;

const fileOf = (text: string, format: ImportFormat = "csv") => ({
  format,
  bytes: new TextEncoder().encode(text),
  vouched: false,
  defaultRoles: false,
});

async function checked(text: string, caller = administrator, format: ImportFormat = "csv") {
  const result = await checkImport(caller, fileOf(text, format));
  if (result.outcome !== "checked") throw new Error(result.problem);
  return result.id;
}

async function applied(id: string, caller = administrator, skipBad = false): Promise<ImportStep> {
  for (;;) {
    const step = await applyImport(caller, id, { skipBad });
    if (step.outcome !== "applied" || step.progress.state === "finished") return step;
  }
}

const usersAt = (domain: string) =>
  prisma().user.findMany({
    where: { email: { endsWith: `@${domain}` } },
    orderBy: { email: "asc" },
  });

test.each(USER_EXPORTS)(
  "users of an export of $format sign in with their password, which is then hashed by us (F131)",
  async ({ format, users, text }) => {
    const domain = aDomain();
    const id = await checked(text(domain), administrator, format);
    expect(await usersAt(domain)).toEqual([]);
    expect(await applied(id)).toMatchObject({ progress: { createdCount: users.length } });
    for (const { local, password } of users) {
      const email = `${local}@${domain}`;
      const signIn = (given: string) => signInWithPassword(email, given, undefined, aRequest());
      expect((await signIn(`${password}?`)).outcome).toBe("rejected");
      expect((await signIn(password)).outcome).toBe("authenticated");
      const { hash } = await prisma().passwordCredential.findFirstOrThrow({
        where: { user: { email } },
      });
      expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
      expect((await signIn(password)).outcome).toBe("authenticated");
    }
  },
);

test("of a thousand rows with bad ones each is named by its line, and none is applied (F104)", async () => {
  const domain = aDomain();
  const taken = await aUser();
  const rows = Array.from({ length: 1_000 }, (_, at) => `u${at}@${domain},`);
  rows[9] = "nobody,";
  rows[499] = `${taken.email},`;
  rows[998] = `u0@${domain},`;
  rows[999] = `last@${domain},No such role`;
  const id = await checked(`email,roles\n${rows.join("\n")}\n`);
  const view = await viewImport(administrator, id, 100);
  expect(view).toMatchObject({ rowCount: 1_000, badCount: 4, state: "checked" });
  expect(view?.remarks.map(({ line }) => line)).toEqual([11, 501, 1_000, 1_001]);
  expect(await exportRemarks(administrator, id)).toContain('"1001","last@');
  expect(await applied(id)).toEqual({ outcome: "rejected", reason: "bad-rows" });
  expect(await usersAt(domain)).toEqual([]);

  expect(await applied(id, administrator, true)).toMatchObject({ progress: { createdCount: 996 } });
  expect(await usersAt(domain)).toHaveLength(996);
  const kept = await prisma().user.findUniqueOrThrow({ where: { email: taken.email } });
  expect(kept).toMatchObject({ id: taken.id });
  // What was to be made is not kept once it is.
  expect(
    await prisma().$queryRaw`
    SELECT 1 FROM user_import_rows WHERE import_id = ${id}::uuid AND pending IS NOT NULL`,
  ).toEqual([]);
});

test("an import that broke off goes on without a double, also when two go on at once", async () => {
  const domain = aDomain();
  const rows = Array.from({ length: 850 }, (_, at) => `u${at}@${domain}`);
  const id = await checked(`email\n${rows.join("\n")}\n`);
  expect(await applyImport(administrator, id, { skipBad: false })).toMatchObject({
    progress: { cursor: 250, state: "running" },
  });
  const steps = await race(6, () => applyImport(administrator, id, { skipBad: false }));
  expect(steps.every(({ outcome }) => outcome === "applied")).toBe(true);
  expect(await usersAt(domain)).toHaveLength(850);
  expect(await viewImport(administrator, id, 1)).toMatchObject({
    state: "finished",
    createdCount: 850,
  });
  const events = await prisma().auditEvent.groupBy({
    by: ["action"],
    where: {
      OR: [{ targetId: id }, { targetId: { in: (await usersAt(domain)).map((it) => it.id) } }],
    },
    _count: true,
  });
  expect(Object.fromEntries(events.map(({ action, _count }) => [action, _count]))).toEqual({
    "user.created": 850,
    "user_import.checked": 1,
    "user_import.finished": 1,
    "user_import.started": 1,
  });
});

test("an address that is taken meanwhile stays its owner's, and is reported", async () => {
  const domain = aDomain();
  const id = await checked(`email,name\na@${domain},New\nb@${domain},New\n`);
  const owner = await aUser();
  await prisma().user.update({ where: { id: owner.id }, data: { email: `a@${domain}` } });
  expect(await applied(id)).toMatchObject({ progress: { createdCount: 1 } });
  const [first] = await usersAt(domain);
  expect(first).toMatchObject({ id: owner.id });
  expect(first?.name).not.toBe("New");
  expect(await viewImport(administrator, id, 10)).toMatchObject({ remarks: [{ line: 2 }] });
});

test("nobody brings in what they could not give, and a batch judges it again (ATK-42, ATK-44)", async () => {
  const domain = aDomain();
  const name = `Role ${newId()}`;
  await aRole({ view_audit_log: "all" }, name);
  const text = `email,roles\na@${domain},${name}\n`;
  const manager = await aCallerHolding({ manage_users: "all" });
  await expect(checkImport(manager, fileOf(text))).rejects.toBeInstanceOf(AccessDenied);
  const delegate = await aCallerHolding({ manage_users: "all", assign_roles: "all" });
  const refused = await checked(text, delegate);
  expect(await viewImport(delegate, refused, 1)).toMatchObject({
    badCount: 1,
    remarks: [{ problem: expect.stringContaining("view_audit_log") }],
  });
  // The import of somebody who may is no way around it.
  const granted = await checked(text);
  expect(await applied(granted, delegate)).toMatchObject({ reason: "beyond-own-permissions" });
  await expect(applied(granted, manager)).rejects.toBeInstanceOf(AccessDenied);
  expect(await usersAt(domain)).toEqual([]);
  expect(await applied(granted)).toMatchObject({ outcome: "applied" });
  expect(await usersAt(domain)).toHaveLength(1);
});

test("roles that nobody may hold together are a bad row, and stop a batch later on (F98)", async () => {
  const domain = aDomain();
  const { defaultOrganizationId: organizationId } = await prisma().instance.findUniqueOrThrow({
    where: { id: 1 },
  });
  const names = [`Left ${newId()}`, `Right ${newId()}`];
  await aRole({ view_audit_log: "all" }, names[0]);
  await aRole({ view_invoice: "all" }, names[1]);
  const text = `email,roles\na@${domain},${names.join(";")}\n`;
  const before = await checked(text);
  const conflict = await prisma().dutyConflict.create({
    data: {
      id: newId(),
      organizationId,
      name: "Apart",
      leftKeys: ["view_audit_log"],
      rightKeys: ["view_invoice"],
    },
  });
  try {
    const after = await checked(text);
    expect(await viewImport(administrator, after, 1)).toMatchObject({
      remarks: [{ problem: expect.stringContaining("Apart") }],
    });
    expect(await applied(before)).toMatchObject({ reason: "duty-conflict" });
    expect(await usersAt(domain)).toEqual([]);
    expect(await viewImport(administrator, before, 1)).toMatchObject({ cursor: 0 });
  } finally {
    await prisma().dutyConflict.delete({ where: { id: conflict.id } });
  }
});

test("what no database keeps is a bad row, and no error of ours", async () => {
  const user = { email: "\0\ud800@example.com", credentials: [] };
  const named = { email: `a@${aDomain()}`, emailVerified: true, realmRoles: ["\0\ud800"] };
  const id = await checked(JSON.stringify({ users: [user, named] }), administrator, "keycloak");
  expect(await viewImport(administrator, id, 10)).toMatchObject({ badCount: 2 });
});

test("it takes the permission for others and a proof of a short while ago (F22)", async () => {
  const domain = aDomain();
  const file = fileOf(`email\na@${domain}\n`);
  const own = await aCallerHolding({ manage_users: "own" });
  await expect(checkImport(own, file)).rejects.toBeInstanceOf(AccessDenied);
  await expect(listImports(own)).rejects.toBeInstanceOf(AccessDenied);
  const { principal } = administrator;
  const session = { ...principal.session, authTime: new Date(Date.now() - 3_600_000) };
  const stale = { ...administrator, principal: { ...principal, session } };
  await expect(checkImport(stale, file)).rejects.toBeInstanceOf(AssuranceInsufficient);
  const id = await checked(`email\na@${domain}\n`);
  await expect(applied(id, own)).rejects.toBeInstanceOf(AccessDenied);
  await expect(applied(id, stale)).rejects.toBeInstanceOf(AssuranceInsufficient);
  expect(await usersAt(domain)).toEqual([]);
});

test("an import of another organization is not there (ATK-43)", async () => {
  const id = await checked(`email\na@${aDomain()}\n`);
  const { id: organizationId } = await anOrganization();
  const { principal } = administrator;
  const elsewhere = { ...administrator, principal: { ...principal, organizationId } };
  expect(await viewImport(elsewhere, id, 1)).toBeNull();
  expect(await applyImport(elsewhere, id, { skipBad: true })).toEqual({ outcome: "not-found" });
  expect((await listImports(elsewhere)).map((it) => it.id)).not.toContain(id);
});

test("the command line gives any role, and what nobody went on with is forgotten with its hashes", async () => {
  const domain = aDomain();
  const text = `email,roles,enabled\na@${domain},Admin,true\nb@${domain},,false\n`;
  const result = await checkImportAsOperator(aRequest(), fileOf(text));
  if (result.outcome !== "checked") throw new Error(result.problem);
  await applyImportAsOperator(aRequest(), result.id, { skipBad: false });
  expect((await usersAt(domain)).map(({ status }) => status)).toEqual(["pending", "disabled"]);

  const old = await checked(`email\nc@${domain}\n`);
  const [week, month] = [8, 31].map((days) => new Date(Date.now() - days * 86_400_000));
  await prisma().userImport.update({ where: { id: old }, data: { updatedAt: week } });
  await prisma().userImport.update({ where: { id: result.id }, data: { updatedAt: week } });
  await purgeImports();
  expect(await viewImport(administrator, old, 1)).toBeNull();
  expect(await viewImport(administrator, result.id, 1)).not.toBeNull();
  await prisma().userImport.update({ where: { id: result.id }, data: { updatedAt: month } });
  await purgeImports();
  expect(await viewImport(administrator, result.id, 1)).toBeNull();
});
