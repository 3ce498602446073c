import { expect, test } from "vitest";
import type { VariableName } from "@/lib/platform/environment-variables";
import { listVariables } from "@/lib/platform/list-variables";
import { SECRET_VARIABLES } from "@/lib/platform/secret-files";
import { settingOf } from "@/lib/settings/describe-settings";
import { DISCLOSURE } from "@/lib/settings/disclosure";

const settingFor = (name: VariableName, value: string) => {
  const variable = listVariables({ [name]: value }).find((one) => one.name === name);
  return variable === undefined ? expect.unreachable(name) : settingOf(variable);
};

test("every variable of the schema is judged, and nothing else is", () => {
  const names = listVariables({}).map(({ name }) => name);
  expect(Object.keys(DISCLOSURE).toSorted()).toEqual(names.toSorted());
});

test("whatever has a name like a secret is none that is told", () => {
  const telling = /SECRET|PASSWORD|TOKEN$|KEYS?$/;
  const open = Object.entries(DISCLOSURE).filter(([, disclosure]) => disclosure !== "secret");
  const names = open.map(([name]) => name);
  expect(names.filter((name) => telling.test(name))).toEqual([]);
  const whole = open.filter(([name, disclosure]) => name.endsWith("_URL") && disclosure === "open");
  expect(whole.map(([name]) => name)).toEqual(["APP_URL", "AUTH_GITHUB_BASE_URL"]);
});

test("of a secret it is told that it is set, and neither a letter nor its length", () => {
  for (const secret of ["x", "hunter2".repeat(9)]) {
    expect(settingFor("AUTH_SECRET", secret)).toEqual({
      name: "AUTH_SECRET",
      source: "environment",
      choices: null,
      minimum: null,
      maximum: null,
      value: { kind: "secret" },
    });
  }
});

test.each<[VariableName, string, string | null]>([
  [
    "DATABASE_URL",
    "postgresql://gatehouse:hunter2@db.example.com:5432/gatehouse?password=hunter2",
    "postgresql://db.example.com:5432/gatehouse",
  ],
  ["SMTP_URL", "smtps://user:hunter2@smtp.example.com:465", "smtps://smtp.example.com:465"],
  ["SMS_WEBHOOK_URL", "https://sms.example.com/hunter2?key=hunter2", "https://sms.example.com"],
  ["REDIS_URL", "hunter2", null],
  // A password with such a letter in it, which is a host and a path to whoever reads the address.
  ["SMTP_URL", "smtp://user:123#hunter2@smtp.example.com", null],
  ["SMTP_URL", "smtp://ada@example.com:123?hunter2@smtp.example.com", null],
  ["DATABASE_URL", "postgresql://gatehouse:123/hunter2@db.example.com/gatehouse", null],
  ["SIGN_UP", "invite", "invite"],
])("of %s is told what opens nothing", (name, given, told) => {
  const { value } = settingFor(name, given);
  expect(value).toEqual(told === null ? { kind: "secret" } : { kind: "text", text: told });
  expect(JSON.stringify(value)).not.toContain("hunter2");
});

test("whatever is not open may stand in a file, and nothing else", () => {
  const closed = Object.entries(DISCLOSURE).filter(([, disclosure]) => disclosure !== "open");
  expect([...SECRET_VARIABLES].toSorted()).toEqual(closed.map(([name]) => name).toSorted());
});
