import { expect, test, vi } from "vitest";
import { z } from "zod";

vi.stubEnv("DATABASE_URL", "postgresql://gatehouse:x@localhost/gatehouse");
vi.stubEnv("AUTH_SECRET", "a".repeat(43));
vi.stubEnv("DATA_ENCRYPTION_KEYS", "b".repeat(43));
const { validationWords } = await import("@/app/api/validation-words");
const { ENDPOINTS } = await import("@/app/api/table");

const messages = (schema: z.ZodType, value: unknown): string[] =>
  schema.safeParse(value, { error: validationWords }).error?.issues.map(({ message }) => message) ??
  [];

test.each([
  [z.object({ name: z.string() }), {}, "Required."],
  [z.object({ kind: z.enum(["a", "b"]) }), {}, "Required."],
  [z.object({ kind: z.enum(["a", "b"]) }), { kind: "c" }, "Use a or b."],
  [z.coerce.number(), "many", "Give a number."],
  [z.coerce.number().int(), "1.5", "Give a whole number."],
  [z.coerce.number().max(100), "101", "Use at most 100."],
  [z.string().max(3), "long", "Use at most 3 characters."],
  [z.strictObject({}), { more: 1 }, "There is no more here."],
  [z.uuid(), "x", "This is no id (a UUID)."],
  [z.array(z.string()), "x", "Give a list."],
  [z.string("Enter a name."), undefined, "Enter a name."],
] as [z.ZodType, unknown, string][])("%# says what does not fit", (schema, value, message) => {
  expect(messages(schema, value)).toEqual([message]);
});

test("no endpoint answers in the words of the validator", () => {
  const samples = [undefined, null, {}, { unknown: 1 }, [], "x", 1];
  const said = ENDPOINTS.flatMap(({ params, query, body }) =>
    [params, query, body].flatMap((schema) =>
      schema === undefined ? [] : samples.flatMap((sample) => messages(schema, sample)),
    ),
  );
  expect(said.length).toBeGreaterThan(100);
  expect(said.filter((text) => /received|expected|invalid|zod|NaN|undefined/i.test(text))).toEqual(
    [],
  );
});
