import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConfigurationError, parseConfig } from "@/lib/platform/config";
import { listVariables } from "@/lib/platform/list-variables";
import { SECRET_VARIABLES } from "@/lib/platform/secret-files";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), "secret-files-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const SECRET = "s".repeat(43);
const VALID = {
  DATABASE_URL: "postgresql://gatehouse:x@localhost/gatehouse",
  AUTH_SECRET: SECRET,
  DATA_ENCRYPTION_KEYS: SECRET,
};

function fileWith(content: string): string {
  const file = path.join(dir, `secret-${Math.random()}`);
  writeFileSync(file, content, { mode: 0o600 });
  return file;
}

function problemsOf(environment: Record<string, string>): string[] {
  try {
    parseConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

test("a secret is read from the file that NAME_FILE names, without the end of its line", () => {
  const { AUTH_SECRET: _, DATABASE_URL: __, ...others } = VALID;
  const config = parseConfig({
    ...others,
    AUTH_SECRET_FILE: fileWith(`${"n".repeat(43)},${SECRET}\n`),
    DATABASE_URL_FILE: fileWith("postgresql://a:b@db/gatehouse\r\n"),
    SMTP_URL_FILE: fileWith("smtps://user:secret@smtp.example.com"),
  });
  expect(config.authSecrets).toEqual(["n".repeat(43), SECRET]);
  expect(config.database.url).toBe("postgresql://a:b@db/gatehouse");
  expect(config.mail.smtpUrl).toBe("smtps://user:secret@smtp.example.com");
});

test.each(SECRET_VARIABLES)(
  "%s that is set twice is refused, in words that tell neither",
  (name) => {
    const file = fileWith("value-of-the-file");
    const problems = problemsOf({ ...VALID, [name]: "value-itself", [`${name}_FILE`]: file });
    expect(problems).toEqual([
      `  ${name}: is set twice, by itself and by ${name}_FILE. Keep one of them.`,
    ]);
  },
);

test("a file that is missing, empty, another one, or a folder is refused by its name", () => {
  const { AUTH_SECRET: _, ...others } = VALID;
  const with_ = (file: string) => problemsOf({ ...others, AUTH_SECRET_FILE: file }).join("\n");
  expect(with_(path.join(dir, "none"))).toContain("cannot be read (ENOENT)");
  expect(with_(dir)).toContain("cannot be read (EISDIR)");
  expect(with_(fileWith("\n"))).toContain("is empty");
  expect(with_(fileWith(`${SECRET}\nAUTH_GOOGLE_SECRET=x\n`))).toContain("more than one line");
  const closed = fileWith(SECRET);
  chmodSync(closed, 0);
  // Whoever runs the tests as root may read it all the same.
  if (process.getuid?.() !== 0) expect(with_(closed)).toContain("EACCES");
});

test("an empty NAME_FILE is none", () => {
  expect(parseConfig({ ...VALID, AUTH_SECRET_FILE: "" }).authSecrets).toEqual([SECRET]);
});

test("a value from a file is listed as one", () => {
  const { AUTH_SECRET: _, ...others } = VALID;
  const variables = listVariables({ ...others, AUTH_SECRET_FILE: fileWith(SECRET) });
  expect(variables.find(({ name }) => name === "AUTH_SECRET")).toMatchObject({
    source: "secret-file",
    given: SECRET,
  });
});
