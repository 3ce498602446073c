import { expect, test, vi } from "vitest";
import type { Endpoint } from "@/app/api/endpoint";

test("the description is made once, however often it is asked for", async () => {
  vi.stubEnv("DATABASE_URL", "postgresql://gatehouse:x@localhost/gatehouse");
  vi.stubEnv("AUTH_SECRET", "a".repeat(43));
  vi.stubEnv("DATA_ENCRYPTION_KEYS", "b".repeat(43));
  const { openApiEndpoint } = await import("@/app/api/openapi");
  let described = 0;
  const endpoint = {
    method: "GET",
    path: "/api/v1/sample",
    tag: "Sample",
    access: "anonymous",
    responses: {},
    get summary() {
      described += 1;
      return "A sample";
    },
  } as unknown as Endpoint;
  const description = openApiEndpoint([endpoint]);
  const ask = () => description.run({} as never);
  const [first, second] = [await ask(), await ask()];
  expect(described).toBe(1);
  expect(second).toEqual(first);
  expect(String(first.body)).toContain("A sample");
  vi.unstubAllEnvs();
});
