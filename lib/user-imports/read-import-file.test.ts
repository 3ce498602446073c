import fc from "fast-check";
import { expect, test } from "vitest";
import type { ReadRow } from "@/lib/user-imports/import-row";
import { readImportFile } from "@/lib/user-imports/read-import-file";
import { IMPORT_FORMATS, type ImportFormat } from "@/lib/user-imports/user-import.schema";
import { USER_EXPORTS } from "@/tests/support/user-exports";

const read = (format: ImportFormat, text: string, vouched = false) =>
  readImportFile(format, new TextEncoder().encode(text), { vouched });

function rowsOf(format: ImportFormat, text: string, vouched = false): ReadRow[] {
  const reading = read(format, text, vouched);
  if (reading.outcome === "unreadable") throw new Error(reading.problem);
  return reading.rows;
}

test.each(USER_EXPORTS)(
  "an export of $format is read whole, with a hash for everybody (F131)",
  ({ format, users, text }) => {
    const rows = rowsOf(format, text("example.com"));
    expect(rows.map(({ problem }) => problem)).toEqual(users.map(() => null));
    expect(rows.map(({ user }) => user?.email)).toEqual(
      users.map(({ local }) => `${local}@example.com`),
    );
    expect(rows.every(({ user }) => user?.status === "active" && user.passwordHash)).toBe(true);
  },
);

test("a second factor that stays behind is said", () => {
  const keycloak = USER_EXPORTS[0];
  const rows = rowsOf("keycloak", keycloak?.text("example.com") ?? "");
  expect(rows.map(({ note }) => note)).toEqual([null, expect.stringContaining("second factor")]);
});

test("a password of an address that nobody verified is left out, unless it is vouched for (ATK-15)", () => {
  const user = { email: "ada@example.com", email_verified: false };
  const hash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  const text = JSON.stringify({ ...user, passwordHash: hash });
  expect(rowsOf("auth0", text)).toMatchObject([
    { user: { status: "pending", emailVerified: false, passwordHash: null }, problem: null },
  ]);
  expect(rowsOf("auth0", text, true)).toMatchObject([
    { user: { status: "active", emailVerified: true, passwordHash: hash } },
  ]);
});

const CSV_ROWS: [row: string, problem: string][] = [
  ["nobody,,,,,", "no usable email"],
  ["bén@example.com,,,,,", "no usable email"],
  [`long@example.com,${"x".repeat(101)},,,,`, "The name"],
  ["odd@example.com,,perhaps,,,", "true or false"],
  ["hash@example.com,,,,,5f4dcc3b5aa765d61d8327deb882cf99", "none of argon2id"],
  ["cost@example.com,,,,,$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "too long"],
  ["cells@example.com,,,", "4 cells"],
  ["ADA@example.com,,,,,", "line 2 already"],
];

test.each(CSV_ROWS)("%.60s is a bad row with its line and what is wrong", (row, problem) => {
  const text = `email,name,email_verified,enabled,roles,password_hash\nada@example.com,"Ada\nL",,,,\n`;
  const first = text.replace("Ada\nL", "Ada L");
  expect(rowsOf("csv", first + row)).toMatchObject([
    { line: 2, problem: null },
    { line: 3, user: null, problem: expect.stringContaining(problem) },
  ]);
});

test.each<[ImportFormat, string, string]>([
  ["csv", "name\nAda\n", "email"],
  ["csv", "email,pasword_hash\na@example.com,x\n", "pasword_hash"],
  ["csv", 'email\n"a@example.com', "Line 2"],
  ["csv", "email\n", "no user"],
  ["csv", "", "email"],
  ["keycloak", "[]", "no export of a Keycloak"],
  ["keycloak", '{"users":[]}', "no user"],
  ["auth0", "[", "no JSON"],
  ["clerk", "id,first_name\n", "primary_email_address"],
])("a file of %s like %j is refused as a whole, in words", (format, text, words) => {
  expect(read(format, text)).toMatchObject({
    outcome: "unreadable",
    problem: expect.stringContaining(words),
  });
});

test("a file that is not UTF-8 is refused, and not read as something else", () => {
  const latin1 = Uint8Array.from([
    ...Buffer.from("email\nm"),
    0xfc,
    ...Buffer.from("@example.com"),
  ]);
  expect(readImportFile("csv", latin1, { vouched: false })).toMatchObject({
    outcome: "unreadable",
  });
});

test("no file makes reading throw, and no row is without a user and a problem", () => {
  const scraps = fc.constantFrom(
    '"',
    ",",
    "\n",
    "{",
    "}",
    "[",
    "]",
    ":",
    "email",
    "users",
    "null",
    "1",
    "a@example.com",
    "primary_email_address,password_digest,password_hasher",
    "credentials",
    "\0",
    "\ud800",
  );
  const json = fc.json().map((text) => `{"users":[${text}]}`);
  const file = fc.oneof(
    fc.array(scraps).map((parts) => parts.join("")),
    fc.json(),
    json,
  );
  fc.assert(
    fc.property(fc.constantFrom(...IMPORT_FORMATS), file, (format, text) => {
      const reading = read(format, text);
      if (reading.outcome === "unreadable") return;
      for (const row of reading.rows) expect(row.user === null).toBe(row.problem !== null);
    }),
  );
});
