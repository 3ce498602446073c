import { expect, test } from "vitest";
import { isPersonalToken, newPersonalToken } from "@/lib/personal-tokens/token-format";

test("a token is one word with its prefix, and no two are alike (F41)", () => {
  const tokens = Array.from({ length: 200 }, () => newPersonalToken());
  for (const token of tokens) expect(token).toMatch(/^gatehouse_pat_\w{49}$/);
  expect(new Set(tokens).size).toBe(tokens.length);
  expect(tokens.every(isPersonalToken)).toBe(true);
});

test("the checksum is the CRC-32 of the random part in base 62, as scanners know it", () => {
  // Of 43 zeros it is 0x7849568f.
  expect(isPersonalToken(`gatehouse_pat_${"0".repeat(43)}2CZclj`)).toBe(true);
  const known = newPersonalToken();
  for (let at = "gatehouse_pat_".length; at < known.length; at += 1) {
    const other = known[at] === "x" ? "y" : "x";
    expect(isPersonalToken(known.slice(0, at) + other + known.slice(at + 1))).toBe(false);
  }
});

test("what was cut off, put into another case or has something around it is no token", () => {
  const token = newPersonalToken();
  for (const wrong of [
    token.slice(0, -1),
    token.slice(1),
    `${token}A`,
    `${token} `,
    ` ${token}`,
    `${token}\n`,
    token.toUpperCase(),
    token.toLowerCase(),
    token.replace("pat", "PAT"),
    token.replace("gatehouse_pat_", "ghp_"),
    "gatehouse_pat_",
    "",
  ]) {
    expect(isPersonalToken(wrong), wrong).toBe(false);
  }
});
