import { RequestCookies } from "next/dist/server/web/spec-extension/cookies";
import { expect, test } from "vitest";
import { parseCookies } from "@/lib/platform/http/request";

test.each(["a=1; a=2", "a=1;b=3;a=2", "a=2", "b=1", "a=; a=2", "a=1; a="])(
  "the API reads the cookie that pages read in %j",
  (header) => {
    const pages = new RequestCookies(new Headers({ cookie: header }));
    expect(parseCookies(header).get("a")).toBe(pages.get("a")?.value);
  },
);
