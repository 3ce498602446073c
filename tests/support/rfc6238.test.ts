import { expect, test } from "vitest";
import { totpAt } from "@/tests/support/rfc6238";

/** The ASCII text 12345678901234567890 in base 32. */
const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

test.each([
  [59, "94287082"],
  [1_111_111_109, "07081804"],
  [1_111_111_111, "14050471"],
  [1_234_567_890, "89005924"],
  [2_000_000_000, "69279037"],
  [20_000_000_000, "65353130"],
])("at %i seconds the code is that of RFC 6238 appendix B", (seconds, code) => {
  expect(totpAt(SECRET, seconds, 8)).toBe(code);
});
