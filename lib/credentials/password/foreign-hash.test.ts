import { expect, test } from "vitest";
import {
  acceptForeignHash,
  bytesOf,
  foreignFirebase,
  foreignPbkdf2,
  foreignScrypt,
} from "@/lib/credentials/password/foreign-hash";
import { verifyPassword } from "@/lib/credentials/password/hash-password";

const hex = (text: string) => bytesOf(text, "hex");
const utf8 = (text: string) => bytesOf(text, "utf8");
const base64 = (text: string) => bytesOf(text, "base64");

const storedOf = (hash: ReturnType<typeof acceptForeignHash>): string => {
  if (hash.outcome === "refused") throw new Error(hash.reason);
  return hash.stored;
};

// Of the repository github.com/firebase/scrypt.
const FIREBASE_PROJECT = {
  logN: 14,
  rounds: 8,
  separator: base64("Bw=="),
  signerKey: base64(
    "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==",
  ),
};

/** Published vectors of each format. */
const VECTORS: [name: string, password: string, stored: () => string][] = [
  [
    "bcrypt $2a$ (crypt_blowfish)",
    "U*U",
    () => "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
  ],
  [
    "bcrypt $2b$ (crypt_blowfish)",
    "U*U",
    () => "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
  ],
  [
    "bcrypt $2y$ (crypt_blowfish)",
    "U*U",
    () => "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
  ],
  [
    "argon2id (reference implementation)",
    "password",
    () => "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
  ],
  [
    "argon2i (reference implementation)",
    "password",
    () => "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA",
  ],
  [
    "scrypt (RFC 7914 §12)",
    "password",
    () =>
      storedOf(
        foreignScrypt(
          { cost: 1024, blockSize: 8, lanes: 16 },
          utf8("NaCl"),
          hex(
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
          ),
        ),
      ),
  ],
  [
    "PBKDF2 with SHA-1 (RFC 6070)",
    "password",
    () =>
      storedOf(
        foreignPbkdf2("sha1", 4096, utf8("salt"), hex("4b007901b765489abead49d926f721d065a429c1")),
      ),
  ],
  [
    "PBKDF2 with SHA-256 (RFC 7914 §11)",
    "Password",
    () =>
      storedOf(
        foreignPbkdf2(
          "sha256",
          80_000,
          utf8("NaCl"),
          hex(
            "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d",
          ),
        ),
      ),
  ],
  [
    "PBKDF2 with SHA-512",
    "password",
    () =>
      storedOf(
        foreignPbkdf2(
          "sha512",
          1,
          utf8("salt"),
          hex(
            "867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252c02d470a285a0501bad999bfe943c08f050235d7d68b1da55e63f73b60a57fce",
          ),
        ),
      ),
  ],
  [
    "Firebase's scrypt",
    "user1password",
    () =>
      storedOf(
        foreignFirebase(
          FIREBASE_PROJECT,
          base64("42xEC+ixf3L2lw=="),
          base64(
            "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==",
          ),
        ),
      ),
  ],
];

test.each(VECTORS)(
  "%s: the password of a published vector matches, another does not (F131)",
  async (_, password, build) => {
    const stored = build();
    expect(acceptForeignHash(stored)).toEqual({ outcome: "accepted", stored });
    expect(await verifyPassword(stored, password)).toEqual({ matches: true, outdated: true });
    expect((await verifyPassword(stored, `${password} `)).matches).toBe(false);
  },
);

test.each([
  "$2b$14$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
  "$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
  "$2b$00$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
  "$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
  "$argon2id$v=19$m=19456,t=10000,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
  "$argon2id$v=19$m=19456,t=2,p=255$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
  "$pbkdf2-sha256$i=99999999$c2FsdHNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
  "$pbkdf2-sha256$i=0$c2FsdHNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
  "$scrypt$ln=22,r=8,p=1$c2FsdHNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
  "$scrypt$ln=14,r=8,p=64$c2FsdHNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
])("%s would cost too much: it is refused, and matches nothing at once (ATK-59)", async (hash) => {
  expect(acceptForeignHash(hash)).toMatchObject({ outcome: "refused" });
  const begun = performance.now();
  expect((await verifyPassword(hash, "x")).matches).toBe(false);
  expect(performance.now() - begun).toBeLessThan(50);
});

test.each([
  "$scrypt$ln=14,r=8,p=1$c2FsdHNhbHQ$",
  "$scrypt$ln=14,r=8,p=1$c2FsdHNhbHQ$AAAA",
  "$scrypt$ln=14,r=8,p=1$$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
  "$pbkdf2-md5$i=1000$c2FsdHNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
  "$pbkdf2-sha256$i=1000$c2F?dHNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
  "$argon2d$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
  "5f4dcc3b5aa765d61d8327deb882cf99",
  `$2b$05$${"x".repeat(5_000)}`,
])("%.60s is no hash that could be verified", (hash) => {
  expect(acceptForeignHash(hash)).toMatchObject({ outcome: "refused" });
});

test("a password typed with composed letters elsewhere matches its argon2 hash here", async () => {
  const { hash } = await import("@node-rs/argon2");
  const decomposed = "cafe\u0301 latte";
  const stored = await hash(decomposed, { memoryCost: 8_192, timeCost: 1 });
  expect((await verifyPassword(stored, decomposed)).matches).toBe(true);
});

test("a part that is not written as its format says refuses the whole", () => {
  expect(foreignPbkdf2("sha256", 1_000, base64("!!"), hex("00".repeat(32)))).toMatchObject({
    outcome: "refused",
  });
  expect(foreignPbkdf2("sha256", 1_000, utf8("salt"), hex("0g".repeat(32)))).toMatchObject({
    outcome: "refused",
  });
  const odd = { cost: 1_000, blockSize: 8, lanes: 1 };
  expect(foreignScrypt(odd, utf8("salt"), hex("00".repeat(32)))).toMatchObject({
    outcome: "refused",
  });
});
