import { hash } from "bcryptjs";
import { expect, test } from "vitest";
import { hashPassword, verifyPassword } from "@/lib/credentials/password/hash-password";
import { HashingBusy, withHashingSlot } from "@/lib/credentials/password/hashing-slots";
import { judgePassword } from "@/lib/credentials/password/judge-password";
import { NewPassword } from "@/lib/credentials/password/password.schema";
import { race } from "@/tests/support/race";

test("a hash is argon2id with the parameters in force, and matches its password only", async () => {
  const stored = await hashPassword("correct horse");
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verifyPassword(stored, "correct horse")).toEqual({ matches: true, outdated: false });
  expect((await verifyPassword(stored, "correct horsf")).matches).toBe(false);
});

test("the same password hashes differently each time", async () => {
  expect(await hashPassword("x")).not.toBe(await hashPassword("x"));
});

test("composed and decomposed letters are the same password (NIST-5)", async () => {
  const stored = await hashPassword("caf\u00e9 latte");
  expect((await verifyPassword(stored, "cafe\u0301 latte")).matches).toBe(true);
});

test("a bcrypt hash matches and counts as outdated (F13)", async () => {
  const stored = await hash("imported", 4);
  expect(await verifyPassword(stored, "imported")).toEqual({ matches: true, outdated: true });
  expect((await verifyPassword(stored, "other")).matches).toBe(false);
});

test("bcrypt's silent cut at 72 bytes lets nobody in", async () => {
  const long = "x".repeat(72);
  const stored = await hash(long, 4);
  expect((await verifyPassword(stored, `${long}y`)).matches).toBe(false);
});

test.each(["", "x", "$unknown$1", "$2b$broken"])(
  "the stored hash %j matches nothing",
  async (stored) => {
    expect((await verifyPassword(stored, "x")).matches).toBe(false);
  },
);

test("a flood is refused instead of queued without end, and the slots come back (ATK-59)", async () => {
  let release = () => {};
  const blocked = new Promise<void>((resolve) => {
    release = resolve;
  });
  const outcomes = race(300, () =>
    withHashingSlot(() => blocked).then(
      () => "done",
      (error: unknown) => (error instanceof HashingBusy ? "busy" : "failed"),
    ),
  );
  release();
  const counted = await outcomes;
  expect(counted.filter((outcome) => outcome === "busy").length).toBeGreaterThan(100);
  expect(counted).not.toContain("failed");
  expect(await withHashingSlot(async () => "free")).toBe("free");
});

test.each([
  "password",
  "Password123!",
  "P@ssw0rd",
  "letmein1",
  "aaaaaaaaaa",
  "abcdefgh",
  "87654321",
])("%s is common (F14)", (password) => {
  expect(judgePassword(password, [])).toBe("common");
});

test.each(["ada.lovelace1", "Ada Lovelace9", "example.com1"])("%s is personal", (password) => {
  expect(judgePassword(password, ["ada.lovelace@example.com", "Ada Lovelace"])).toBe("personal");
});

test.each(["four unlikely words here", "xkQ9!vbn2Lp", "lovelace wrote the first program"])(
  "%s may be used",
  (password) => {
    expect(judgePassword(password, ["ada.lovelace@example.com", "Ada Lovelace"])).toBeNull();
  },
);

test.each([
  ["seven c", false],
  ["eight ch", true],
  ["🦉".repeat(7), false],
  ["🦉".repeat(8), true],
  ["x".repeat(256), true],
  ["x".repeat(257), false],
  ["🦉".repeat(256), true],
  ["\ud800".repeat(8), false],
  ["x".repeat(1_000_000), false],
])("length is counted in code points (NIST-2)", (password, accepted) => {
  expect(NewPassword.safeParse(password).success).toBe(accepted);
});

test("a password of nothing is refused, whoever forgot to measure it", () => {
  expect(judgePassword("", [])).toBe("common");
});
