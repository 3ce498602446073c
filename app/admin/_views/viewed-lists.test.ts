import { expect, test } from "vitest";
import { usableParameters, viewHref } from "@/app/admin/_views/viewed-lists";

test("of a query only what the list takes is kept", () => {
  expect(usableParameters("users", "status=disabled&q=%20ada%20&cursor=abc&color=red")).toEqual({
    status: "disabled",
    q: "ada",
  });
  expect(usableParameters("users", "status=nonsense&sort=newest")).toEqual({});
  expect(usableParameters("audit", "action=user.created&from=2026-01-31")).toEqual({
    action: "user.created",
    from: "2026-01-31",
  });
  expect(usableParameters("sessions", "q=ada&status=active")).toEqual({ q: "ada" });
});

test("what a list does not take any more narrows nothing", () => {
  expect(viewHref("users", { status: "asleep", sort: "name" })).toBe("/admin/users?sort=name");
});
