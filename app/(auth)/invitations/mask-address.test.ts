import { expect, test } from "vitest";
import { maskAddress } from "@/app/(auth)/invitations/mask-address";

test("of an address the first letter and the domain are shown, whatever its length", () => {
  expect(maskAddress("ada.lovelace@example.com")).toBe("a…@example.com");
  expect(maskAddress("a@example.com")).toBe("a…@example.com");
  expect(maskAddress("bo@example.com")).toHaveLength(maskAddress("bonifatius@example.com").length);
});
