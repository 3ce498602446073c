import { expect, test } from "vitest";
import { collectorHeadersOf } from "@/lib/platform/tracing/collector-headers";

test("headers are a list, with values as in a URL", () => {
  expect(collectorHeadersOf("Authorization=Basic%20dXNlcjpzZWNyZXQ=, x-scope-orgid=1,")).toEqual({
    authorization: "Basic dXNlcjpzZWNyZXQ=",
    "x-scope-orgid": "1",
  });
  expect(collectorHeadersOf("")).toEqual({});
});

test.each(["token", "=x", "a b=x", "a=", "a=%zz", "a=x%0D%0Ahost:%20y"])(
  "%j is no list of headers",
  (text) => {
    expect(collectorHeadersOf(text)).toBeNull();
  },
);
