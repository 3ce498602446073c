import { expect, test } from "vitest";
import { type Failure, failureOf } from "@/lib/outbox/failure";

test.each<[string, Failure]>([
  ["connect ECONNREFUSED 127.0.0.1:25", "unreachable"],
  ["getaddrinfo ENOTFOUND smtp.example.com", "unreachable"],
  ["Connection timeout", "no-answer"],
  ["The operation was aborted due to timeout", "no-answer"],
  ["unable to verify the first certificate", "certificate"],
  ["Invalid login: 535 5.7.8 authentication failed for ada@example.com", "credentials"],
  [
    "Can't send mail - all recipients were rejected: 550 <ada@example.com> unknown",
    "recipient-refused",
  ],
  ["Can't send mail - all recipients were rejected: 451 later", "recipient-refused"],
  ["Message failed: 452 no space", "busy"],
  ["Message failed: 554 spam", "refused"],
  ["the SMS webhook answered 503", "busy"],
  ["the SMS webhook answered 422", "refused"],
  ["something else", "other"],
])("%s is %s", (text, failure) => {
  expect(failureOf(text)).toBe(failure);
});
