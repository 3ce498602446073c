import { expect, test } from "vitest";
import { maskAddress, maskNumber } from "@/lib/shared/mask-address";

test("of an address the first letter and the domain are shown, whatever its length", () => {
  expect(maskAddress("ada.lovelace@example.com")).toBe("a…@example.com");
  expect(maskAddress("a@example.com")).toBe("a…@example.com");
  expect(maskAddress("bo@example.com")).toHaveLength(maskAddress("bonifatius@example.com").length);
});

test("of a number the first digits and the last two are shown", () => {
  expect(maskNumber("+436641234567")).toBe("+43…67");
});
