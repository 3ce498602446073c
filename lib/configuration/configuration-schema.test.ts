import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configurationSchema } from "@/lib/configuration/configuration-schema";

test("the published schema is the one that reads files (gatehouse config schema --out …)", () => {
  const published: unknown = JSON.parse(readFileSync("docs/configuration.schema.json", "utf8"));
  expect(published).toEqual(JSON.parse(JSON.stringify(configurationSchema())));
});

test("it knows every place of a file, and what a condition is made of", () => {
  const text = JSON.stringify(configurationSchema());
  for (const key of ["organizations", "inherits", "candidate", "autoJoin", "email-domain"]) {
    expect(text).toContain(`"${key}"`);
  }
  expect(text).toContain('"$ref":"#/$defs/condition"');
});
