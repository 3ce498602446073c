import { expect, test } from "vitest";
import {
  clientAddress,
  isSameNetwork,
  networkOf,
  normaliseAddress,
} from "@/lib/platform/http/client-address";

test("without a trusted proxy the header means nothing (ATK-34)", () => {
  expect(clientAddress("192.0.2.1", "203.0.113.9", 0)).toBe("192.0.2.1");
});

test("with one proxy the entry that it wrote counts, not those before it", () => {
  expect(clientAddress("10.0.0.1", "1.1.1.1, 203.0.113.9", 1)).toBe("203.0.113.9");
  expect(clientAddress("10.0.0.2", "1.1.1.1, 203.0.113.9, 10.0.0.1", 2)).toBe("203.0.113.9");
});

test("fewer hops than trusted proxies give the outermost, and nonsense the peer", () => {
  expect(clientAddress("10.0.0.1", "203.0.113.9", 3)).toBe("203.0.113.9");
  expect(clientAddress("10.0.0.1", null, 1)).toBe("10.0.0.1");
  expect(clientAddress("10.0.0.1", "unknown", 1)).toBe("10.0.0.1");
});

test.each([
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["[2001:DB8::1]", "2001:db8::1"],
  ["fe80::1%eth0", "fe80::1"],
  ["2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"],
  ["no address", null],
  ["", null],
])("%j is written %j", (text, normal) => {
  expect(normaliseAddress(text)).toBe(normal);
});

test("an IPv6 subscriber is one source, however many addresses they walk through", () => {
  const network = networkOf("2001:db8:1:2::1");
  expect(networkOf("2001:db8:1:2:ffff:ffff:ffff:ffff")).toBe(network);
  expect(networkOf("2001:db8:1:3::1")).not.toBe(network);
  expect(networkOf("192.0.2.1")).not.toBe(networkOf("192.0.2.2"));
  expect(networkOf(null)).toBe("unknown");
});

test("two addresses of this machine are of one network, and an unknown one is of none", () => {
  expect(isSameNetwork("127.0.0.1", "::1")).toBe(true);
  expect(isSameNetwork("2001:db8:1:2::1", "2001:db8:1:2::2")).toBe(true);
  expect(isSameNetwork("127.0.0.1", "192.0.2.1")).toBe(false);
  expect(isSameNetwork("::1", "2001:db8::1")).toBe(false);
  expect(isSameNetwork(null, null)).toBe(false);
});
