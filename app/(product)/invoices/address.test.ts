import { expect, test } from "vitest";
import { listHref, parseListAddress } from "@/app/(product)/invoices/address";

test.each([
  ["", "/invoices"],
  ["?q=&status=&sort=&cursor=", "/invoices"],
  ["?sort=newest", "/invoices"],
  ["?status=paid&q=a%26b", "/invoices?q=a%26b&status=paid"],
  ["?sort=-amount&cursor=abc", "/invoices?sort=-amount&cursor=abc"],
  ["?status=lost&sort=up&other=1", "/invoices"],
  [`?q=${"x".repeat(101)}`, "/invoices"],
  ["?q=%00", "/invoices"],
])("the address %j is read as %j", (search, href) => {
  const parameters = Object.fromEntries(new URLSearchParams(search));
  expect(listHref(parseListAddress(parameters))).toBe(href);
});

test("a parameter given twice is left out", () => {
  expect(listHref(parseListAddress({ q: ["a", "b"], status: ["paid"] }))).toBe("/invoices");
});
