import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { COMMANDS, type CommandResult } from "@/app/_cli/commands";
import { prisma } from "@/lib/platform/db/client";
import { anInstance, aUser } from "@/tests/support/builders";

// What the command line says of configuration (F132): plans in words, refusals with their line.

const folder = mkdtempSync(path.join(tmpdir(), "gatehouse-config-"));
const fileNamed = (name: string): string => path.join(folder, name);

function file(value: object | string): string {
  const name = fileNamed(`${Math.random()}.json`);
  writeFileSync(name, typeof value === "string" ? value : JSON.stringify(value, null, 2));
  return name;
}

async function run(what: string, positionals: string[], options = {}): Promise<CommandResult> {
  const command = COMMANDS.find(({ words }) => words.join(" ") === `config ${what}`);
  if (!command) throw new Error(`no command config ${what}`);
  return command.run(positionals, options);
}

const clerk = (permissions: object) =>
  file({ version: 1, roles: [{ name: "Clerk", permissions }] });

const DENY = '{ "effect": "deny", "permissions": ["view_invoice"] }';

const eventCount = () => prisma().auditEvent.count();

beforeAll(async () => {
  await anInstance();
  await prisma().auditEvent.count();
});

test("an export is a file that plans, checks and applies as no change", async () => {
  const out = fileNamed("exported.json");
  expect(await run("export", [], { out })).toMatchObject({ outcome: "done", out });
  const { text } = await run("export", []);
  expect(`${text}\n`).toBe(readFileSync(out, "utf8"));
  const before = await eventCount();
  expect(await run("plan", [out], { prune: true })).toMatchObject({
    outcome: "done",
    text: "Nothing has to change.",
  });
  expect(await run("check", [out])).toMatchObject({ outcome: "done" });
  expect(await run("apply", [out], { prune: true })).toMatchObject({ outcome: "done" });
  expect(await eventCount()).toBe(before);
});

test("a plan tells in words what changes and for whom, and changes nothing", async () => {
  const { email } = await aUser({ roles: ["Manager"] });
  const wanted = file({
    version: 1,
    roles: [
      { name: "Clerk", permissions: { view_invoice: "own" } },
      {
        name: "Manager",
        description: "Works with every invoice of the organization.",
        permissions: { view_invoice: "own", create_invoice: "all", update_invoice: "all" },
      },
    ],
  });
  const before = await eventCount();
  const planned = await run("plan", [wanted]);
  expect(planned.outcome).toBe("different");
  expect(planned.text.split("\n")).toEqual(
    expect.arrayContaining([
      "In the whole installation:",
      "  + role “Clerk”",
      '      permissions: {"view_invoice":"own"}',
      "  ~ role “Manager”",
      '      permissions.delete_invoice: - "all"',
      '      permissions.view_invoice: "all" → "own"',
      "Not in the file, and left as it is without --prune:",
      "  role “Admin” of the whole installation",
      "1 to add, 1 to change, 0 to delete.",
      "  1 person could do less.",
      `digest ${String(planned["digest"])}`,
    ]),
  );
  expect(planned.text).toContain(
    `(${email}): loses delete_invoice, held for every record until now`,
  );
  expect(planned.text).toContain("has less of view_invoice");
  expect(await eventCount()).toBe(before);
  const dry = await run("apply", [wanted], { "dry-run": true });
  expect(dry).toMatchObject({ outcome: "done", text: planned.text });
  expect(await eventCount()).toBe(before);
  expect(await prisma().role.count({ where: { name: "Clerk" } })).toBe(0);
});

test("applying asks for a word first, and once done has nothing left to do", async () => {
  const wanted = clerk({ view_invoice: "all" });
  const asked = await run("apply", [wanted]);
  expect(asked).toMatchObject({ outcome: "refused", code: "confirmation_required" });
  const { digest } = await run("plan", [wanted]);
  expect(asked.text).toContain(`digest ${String(digest)}`);
  expect(await run("apply", [wanted], { expect: "another" })).toMatchObject({
    outcome: "refused",
    code: "other_plan",
  });
  expect(await run("apply", [wanted], { expect: digest })).toMatchObject({ outcome: "done" });
  expect(await run("apply", [wanted])).toMatchObject({ outcome: "done", differences: [] });
  const event = await prisma().auditEvent.findFirstOrThrow({ where: { action: "role.created" } });
  expect(event).toMatchObject({ actorType: "system", userAgent: "gatehouse CLI" });
});

test("what is there and not in the file is drift, and goes with --prune alone", async () => {
  const wanted = file({ version: 1, duties: [] });
  await run(
    "apply",
    [
      file({
        version: 1,
        duties: [{ name: "Books", left: ["view_invoice"], right: ["view_users"] }],
      }),
    ],
    { yes: true },
  );
  expect(await run("apply", [wanted], { yes: true })).toMatchObject({ outcome: "done" });
  expect(await run("check", [wanted])).toMatchObject({
    outcome: "different",
    text: expect.stringContaining("- separation of duties “Books”"),
  });
  expect(await run("apply", [wanted], { yes: true, prune: true })).toMatchObject({
    outcome: "done",
    text: expect.stringContaining("0 to add, 0 to change, 1 to delete."),
  });
  expect(await run("check", [wanted])).toMatchObject({ outcome: "done" });
});

test.each([
  ["{", "line 1: Here should be a key in quotation marks."],
  ['{\n"version": 1,\n"rols": []\n}', "line 3, rols: There is no such key here."],
  [
    '{\n"version": 1,\n"roles": [\n{ "name": "A",\n"permissions": { "fly": "all" } }\n]\n}',
    "line 4, roles[0]: role “A” of the whole installation: There are no such permissions: fly.",
  ],
  [
    `{ "version": 1,\n"policies": [\n{ "name": "P", "stage": "active", "rule": ${DENY}, "candidate": ${DENY} } ] }`,
    "line 3, policies[0]: policy “P” of the whole installation: The candidate says what the rule says already",
  ],
  [
    '{\n"version": 1,\n"clients": [\n{ "id": "01900000-0000-7000-8000-000000000000", "name": "Shop", "kind": "service", "secret": { "fromEnvironment": "CONFIG_SECRET_NONE" } }\n]\n}',
    "line 4, clients[0]: app “Shop (01900000-0000-7000-8000-000000000000)” of the whole installation: It is new: set CONFIG_SECRET_NONE to its secret, of 32 characters or more.",
  ],
  [
    '{\n"version": 1,\n"roles": [\n{ "name": "A", "inherits": ["A"] }\n]\n}',
    "line 4, roles[0]: role “A” of the whole installation: It would inherit itself: A → A.",
  ],
])("%j is refused by its line and with what to do", async (content, message) => {
  for (const [what, options] of [
    ["plan", {}],
    ["apply", { yes: true }],
  ] as const) {
    const result = await run(what, [file(content)], options);
    expect(result.outcome).toBe("refused");
    expect(result.text).toContain(message);
  }
});

test("a plan that would leave nobody who administers says so, and is none", async () => {
  await aUser({ roles: ["Admin"] });
  const wanted = file({ version: 1, roles: [{ name: "Admin" }] });
  const planned = await run("plan", [wanted]);
  expect(planned).toMatchObject({ outcome: "refused", code: "last_administrator" });
  expect(planned.text).toContain("Nobody would be left who holds every permission.");
  expect(await run("apply", [wanted], { yes: true })).toMatchObject({
    outcome: "refused",
    code: "last_administrator",
  });
});

test("a file that is not there, and one that cannot be written, are told", async () => {
  for (const what of ["plan", "apply", "check"]) {
    expect(await run(what, [fileNamed("absent.json")])).toMatchObject({ code: "unreadable_file" });
  }
  const out = path.join(folder, "no", "such", "folder.json");
  expect(await run("export", [], { out })).toMatchObject({ code: "unwritable_file" });
  const schema = await run("schema", []);
  const published: unknown = JSON.parse(readFileSync("docs/configuration.schema.json", "utf8"));
  expect(JSON.parse(schema.text)).toEqual(published);
});
