import { expect, test } from "vitest";
import {
  newWebhookSecret,
  webhookHeaders,
  webhookKeyOf,
} from "@/lib/platform/http/webhook-signature";

// The vector that the Standard Webhooks project tests its own libraries with.
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const SENT_AT = new Date(1_614_265_330_999);
const BODY = '{"test": 2432232314}';

const keyOf = (secret: string): Buffer => webhookKeyOf(secret) ?? expect.unreachable(secret);

test("a message is signed as Standard Webhooks says", () => {
  expect(webhookHeaders([keyOf(SECRET)], ID, SENT_AT, BODY)).toEqual({
    "webhook-id": ID,
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  });
});

test("while a secret replaces another, both sign", () => {
  const other = keyOf(newWebhookSecret());
  const of = (...keys: Buffer[]) => webhookHeaders(keys, ID, SENT_AT, BODY)["webhook-signature"];
  expect(of(other, keyOf(SECRET))).toBe(`${of(other)} ${of(keyOf(SECRET))}`);
});

test.each([
  "",
  "whsec_",
  "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  "whsec_c2hvcnQ=",
  `whsec_${"a".repeat(88)}`,
  "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!",
])("%j is no secret", (text) => {
  expect(webhookKeyOf(text)).toBeNull();
});
