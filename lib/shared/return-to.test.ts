import { expect, test } from "vitest";
import { HOME_PATH, safeReturnTo, signInPath } from "@/lib/shared/return-to";

const OWN = [
  "/invoices",
  "/invoices?status=paid&q=a%20b",
  "/",
  "/admin/users/1",
  "/a//b",
  "/a:b@c",
];

const FOREIGN = [
  "",
  "invoices",
  "https://evil.example",
  "http:evil.example",
  "//evil.example",
  "///evil.example",
  "////evil.example",
  "/\\evil.example",
  "\\/evil.example",
  "\\\\evil.example",
  "/\\/evil.example",
  "/a\\..\\\\evil.example",
  "/\t/evil.example",
  "\t//evil.example",
  "/\n/evil.example",
  "/\r/evil.example",
  " //evil.example",
  "/ /evil.example",
  "\u0000//evil.example",
  "/\u0000/evil.example",
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,x",
  "vbscript:x",
  "file:///etc/passwd",
  "blob:https://evil.example/x",
  "//evil.example@localhost",
  "https://localhost@evil.example",
  "https://localhost.evil.example",
  "//localhost:3000@evil.example",
  "/..//evil.example",
  "/.//evil.example",
  "/a/../..//evil.example",
  "/././/evil.example",
  "/%2e//evil.example/../",
  "/%2e%2e//evil.example",
  "//evil%2eexample",
  "/\u2028/evil.example",
  "/\uff0fevil.example",
  "\uff0f\uff0fevil.example",
  "/\u3002/evil.example",
  "//evil\u3002example",
  "/é",
  "?//evil.example",
  "#//evil.example",
  ".//evil.example",
  "..//evil.example",
  "ftp://evil.example",
  "https:/evil.example",
  "https:evil.example",
  "https:\\\\evil.example",
  "://evil.example",
  ":evil.example",
  "@evil.example",
  "/x".repeat(2_000),
  "//",
  "/\\",
  "/\t\\evil.example",
  "//[::1]",
  "//1.2.3.4",
  "//0x7f.1",
  "///",
  "//?x",
  "//#x",
  "//evil.example/%2f..",
  "//evil.example:80",
  "/\v/evil.example",
  "/\f/evil.example",
  "\u00a0//evil.example",
  "\u200b//evil.example",
  "/\u200b/evil.example",
  "\ufeff//evil.example",
  "/\u007f/evil.example",
  undefined,
  null,
  7,
  true,
  ["/invoices"],
  ["/invoices", "//evil.example"],
  { toString: () => "/invoices" },
];

test.each(OWN)("%j is a way back", (candidate) => {
  expect(safeReturnTo(candidate)).toBe(candidate);
});

test.each(FOREIGN)("%j leads home (ATK-13)", (candidate) => {
  expect(safeReturnTo(candidate)).toBe(HOME_PATH);
});

test("the way to the sign-in page carries an address beside the way back", () => {
  expect(signInPath("/invoices", "a+b&c@example.com")).toBe(
    "/sign-in?returnTo=%2Finvoices&email=a%2Bb%26c%40example.com",
  );
  expect(signInPath("/x".repeat(2_000), "ada@example.com")).toBe(
    "/sign-in?email=ada%40example.com",
  );
});

test("the way to the sign-in page never grows past what a proxy takes", () => {
  expect(signInPath("/invoices?q=a b")).toBe("/sign-in?returnTo=%2Finvoices%3Fq%3Da%20b");
  expect(signInPath(`/invoices?q=${"é".repeat(2_000)}`)).toBe("/sign-in");
});
