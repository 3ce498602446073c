import { expect, test } from "vitest";
import {
  checkOutboundUrl,
  isPublicAddress,
  OutboundRefused,
  type OutboundTerms,
} from "@/lib/platform/http/outbound-address";

const INTERNET: OutboundTerms = { allowedHosts: [], loopback: true };

const refusalOf = (url: string, terms = INTERNET): string | null => {
  try {
    checkOutboundUrl(new URL(url), terms);
    return null;
  } catch (error) {
    if (error instanceof OutboundRefused) return error.reason;
    throw error;
  }
};

test.each([
  "127.0.0.1",
  "10.1.2.3",
  "172.16.0.1",
  "192.168.1.1",
  "100.64.0.1",
  "169.254.169.254",
  "168.63.129.16",
  "0.0.0.0",
  "192.0.2.1",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::7f00:1",
  "::ffff:127.0.0.1",
  "::ffff:10.0.0.1",
  "64:ff9b::7f00:1",
  "2002:7f00:1::",
  "2001::1",
  "fd00:ec2::254",
  "fe80::1",
  "fec0::1",
  "ff02::1",
  "not an address",
])("%s is no address of the open internet (ATK-62)", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(["8.8.8.8", "93.184.216.34", "2606:4700::6810:84e5"])(
  "%s is an address of the open internet",
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.each([
  ["https://127.1/", "private-address"],
  ["https://0x7f.1/", "private-address"],
  ["https://2130706433/", "private-address"],
  ["https://017700000001/", "private-address"],
  ["https://[::]/", "private-address"],
  ["https://[::ffff:127.0.0.1]/", "private-address"],
  ["https://169.254.169.254/latest/meta-data/", "private-address"],
  ["https://①②⑦.⓪.⓪.①/", "private-address"],
  ["https://user:secret@idp.example.com/", "has-credentials"],
  ["http://idp.example.com/", "not-https"],
  ["http://localhost:8080/", "not-https"],
  ["ftp://idp.example.com/", "not-https"],
  ["file:///etc/passwd", "not-https"],
])("%s is refused: %s (ATK-62)", (url, reason) => {
  expect(refusalOf(url)).toBe(reason);
});

test("a listed host may lie within the own network, with its port or on every port", () => {
  const terms = { allowedHosts: ["10.0.0.5:8443", "10.0.0.6"], loopback: false };
  expect(refusalOf("https://10.0.0.5:8443/", terms)).toBeNull();
  expect(refusalOf("https://10.0.0.5/", terms)).toBe("private-address");
  expect(refusalOf("https://10.0.0.6:9443/", terms)).toBeNull();
});

test("plain http is for a listed host on this machine, while we are there ourselves", () => {
  const allowedHosts = ["127.0.0.1:8080", "10.0.0.6"];
  expect(refusalOf("http://127.0.0.1:8080/", { allowedHosts, loopback: true })).toBeNull();
  expect(refusalOf("http://127.0.0.1:8080/", { allowedHosts, loopback: false })).toBe("not-https");
  expect(refusalOf("http://10.0.0.6/", { allowedHosts, loopback: true })).toBe("not-https");
});
