import { expect, test } from "vitest";
import { printConfiguration } from "@/lib/configuration/canonical";
import { parseConfiguration } from "@/lib/configuration/parse-configuration";

const problemsOf = (value: unknown) => {
  const parsed = parseConfiguration(JSON.stringify(value, null, 2));
  return parsed.outcome === "rejected" ? parsed.problems : [];
};

const SHOP = { id: "01900000-0000-7000-8000-000000000001", name: "Shop", kind: "web" };
const CLAIM = { name: "tier", value: "gold", scope: "profile", targets: ["userinfo"] };

const role = (more: object) => ({ version: 1, roles: [{ name: "A", ...more }] });

test.each([
  [{}, "version", /.+/],
  [{ version: 2 }, "version", /.+/],
  [{ version: 1, role: [] }, "role", /no such key/],
  [role({ permisions: {} }), "roles[0].permisions", /no such key/],
  [role({ permissions: { "View Invoice": "all" } }), "roles[0].permissions", /.+/],
  [role({ permissions: { view_invoice: "some" } }), "roles[0].permissions.view_invoice", /.+/],
  [
    role({ permissions: { view_invoice: { kind: "role", roles: [] } } }),
    "roles[0].permissions.view_invoice.roles",
    /.+/,
  ],
  [
    role({ permissions: { view_invoice: { kind: "not", condition: { kind: "own", own: 1 } } } }),
    "roles[0].permissions.view_invoice.condition.own",
    /no such key/,
  ],
  [role({ inherits: [{ organization: "x" }] }), "roles[0].inherits[0]", /.+/],
  [{ version: 1, roles: [{ name: "A" }, { name: " A " }] }, "roles[1].name", /twice/],
  [
    { version: 1, organizations: [{ slug: "a-b", name: "A", teams: [{ name: "T", parents: 1 }] }] },
    "organizations[0].teams[0].parents",
    /no such key/,
  ],
  [
    { version: 1, organizations: [{ slug: "a-b", name: "A", domains: [{ domain: "nonsense" }] }] },
    "organizations[0].domains[0].domain",
    /example\.com/,
  ],
  [
    { version: 1, clients: [{ ...SHOP, publicKeys: { jwks: { keys: [{ kty: "EC", d: "s" }] } } }] },
    "clients[0].publicKeys.jwks.keys[0]",
    /private or a shared key/,
  ],
  [
    {
      version: 1,
      duties: [{ name: "D", left: ["view_invoice"], right: ["view_invoice"] }],
    },
    "duties[0].right",
    /one side only/,
  ],
  [{ version: 1, users: [] }, "users", /no such key/],
  [{ version: 1, clients: [{ ...SHOP, secret: "hunter2" }] }, "clients[0].secret", /.+/],
  [
    { version: 1, clients: [{ ...SHOP, secret: { fromEnvironment: "AUTH_SECRET" } }] },
    "clients[0].secret.fromEnvironment",
    /CONFIG_SECRET_/,
  ],
  [
    { version: 1, clients: [{ ...SHOP, service: { organization: "default" } }] },
    "clients[0].service",
    /kind service/,
  ],
  [
    { version: 1, claims: [CLAIM, CLAIM, { ...CLAIM, clientId: SHOP.id }] },
    "claims[1].name",
    /twice/,
  ],
])("%j is refused at %s", (value, path, message) => {
  const problems = problemsOf(value);
  const found = problems.find((problem) => problem.path.startsWith(path));
  expect(problems.map((problem) => problem.path)).toContain(found?.path);
  expect(found?.message).toMatch(message);
  expect(found?.line).toBeGreaterThan(0);
});

test("a problem is told by the line on which it is", () => {
  const text = '{\n  "version": 1,\n  "roles": [\n    {\n      "name": ""\n    }\n  ]\n}\n';
  expect(parseConfiguration(text)).toEqual({
    outcome: "rejected",
    reason: "unreadable",
    problems: [{ line: 5, path: "roles[0].name", message: "Enter a name." }],
  });
});

test("the order of a file, its blanks and what it leaves out change no byte of its one form", () => {
  const one = {
    version: 1,
    roles: [
      {
        name: "B",
        inherits: ["A", "C", "A"],
        permissions: { view_users: "own", view_invoice: "all" },
      },
      { name: "A" },
    ],
  };
  const other = {
    roles: [
      { inherits: [], name: "A", description: "", permissions: {} },
      {
        permissions: { view_invoice: "all", view_users: { kind: "own" } },
        inherits: ["C", "A"],
        name: " B",
      },
    ],
    $schema: "./elsewhere.json",
    version: 1,
  };
  const printed = [one, other].map((value) => {
    const parsed = parseConfiguration(`\uFEFF${JSON.stringify(value)}`);
    return parsed.outcome === "parsed" ? printConfiguration(parsed.configuration) : parsed;
  });
  expect(printed[0]).toBe(printed[1]);
  expect(printed[0]).toContain('"$schema": "./configuration.schema.json"');
});

test("what is refused later is found in the file by its name, in the file's own order", () => {
  const parsed = parseConfiguration(
    '{ "version": 1,\n"organizations": [\n{ "slug": "b-b", "name": "B" },\n{ "slug": "a-a", "name": "A",\n"teams": [\n{ "name": "T" } ] } ] }',
  );
  if (parsed.outcome === "rejected") throw new Error("it was refused");
  const { locate } = parsed;
  expect(locate({ kind: "team", organization: "a-a", name: "T" })).toEqual({
    line: 6,
    path: "organizations[1].teams[0]",
  });
  expect(locate({ kind: "role", organization: "b-b", name: "gone" })).toEqual({
    line: 3,
    path: "organizations[0].roles",
  });
  expect(locate({ kind: "organization", organization: "c-c", name: "c-c" })).toEqual({
    line: 2,
    path: "organizations",
  });
});
