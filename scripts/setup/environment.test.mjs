import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadEnvironment } from "./environment.mjs";

let dir = "";
let file = "";
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), "environment-test-"));
  file = path.join(dir, ".env.local");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("missing secrets are generated once, readable by the owner alone", () => {
  const first = loadEnvironment({}, file);
  expect(first.generated).toEqual(["AUTH_SECRET", "DATA_ENCRYPTION_KEYS"]);
  expect(Buffer.from(first.env["AUTH_SECRET"] ?? "", "base64url")).toHaveLength(32);
  expect(first.env["AUTH_SECRET"]).not.toBe(first.env["DATA_ENCRYPTION_KEYS"]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(loadEnvironment({}, file)).toEqual({ ...first, generated: [] });
});

test("what the file already says is kept, and only the missing secret is added", () => {
  writeFileSync(file, "APP_URL=https://id.example.com\nAUTH_SECRET=mine");
  const { env, generated } = loadEnvironment({}, file);
  expect(generated).toEqual(["DATA_ENCRYPTION_KEYS"]);
  expect(env).toMatchObject({ APP_URL: "https://id.example.com", AUTH_SECRET: "mine" });
  expect(readFileSync(file, "utf8")).toContain("AUTH_SECRET=mine\n");
});

test("the environment wins over the file", () => {
  writeFileSync(file, "AUTH_SECRET=file\nDATA_ENCRYPTION_KEYS=file\n");
  expect(loadEnvironment({ AUTH_SECRET: "environment" }, file).env["AUTH_SECRET"]).toBe(
    "environment",
  );
});

test("no file is written when the environment has the secrets", () => {
  loadEnvironment({ AUTH_SECRET: "a", DATA_ENCRYPTION_KEYS: "b" }, file);
  expect(() => statSync(file)).toThrow("ENOENT");
});

test("the address follows the port unless it is set", () => {
  const secrets = { AUTH_SECRET: "a", DATA_ENCRYPTION_KEYS: "b" };
  expect(loadEnvironment({ ...secrets, PORT: "4000" }, file).env["APP_URL"]).toBe(
    "http://localhost:4000",
  );
  expect(loadEnvironment({ ...secrets, PORT: "x" }, file).env["APP_URL"]).toBeUndefined();
  expect(
    loadEnvironment({ ...secrets, PORT: "4000", APP_URL: "https://id.example.com" }, file).env[
      "APP_URL"
    ],
  ).toBe("https://id.example.com");
});

test("says which values are from the file and which were made here", () => {
  writeFileSync(file, "AUTH_SECRET=a\nDATA_ENCRYPTION_KEYS=b\nSMTP_URL=c\n");
  const { sources } = loadEnvironment({ PORT: "4000", SMTP_URL: "d" }, file);
  expect(sources).toEqual({
    AUTH_SECRET: "env-file",
    DATA_ENCRYPTION_KEYS: "env-file",
    APP_URL: "start",
  });
});

test("a secret that stands in a file of its own is not generated, and wins over .env.local", () => {
  writeFileSync(file, "AUTH_SECRET=stored\nSMTP_URL_FILE=/run/old\n");
  const { env, generated } = loadEnvironment(
    {
      AUTH_SECRET_FILE: "/run/secrets/auth",
      DATA_ENCRYPTION_KEYS_FILE: "/k",
      SMTP_URL: "smtp://a",
    },
    file,
  );
  expect(generated).toEqual([]);
  expect(env["AUTH_SECRET"]).toBeUndefined();
  expect(env["AUTH_SECRET_FILE"]).toBe("/run/secrets/auth");
  expect(env["SMTP_URL_FILE"]).toBeUndefined();
});
