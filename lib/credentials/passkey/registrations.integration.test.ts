import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { enrolPasskey, startPasskey } from "@/lib/authn/own-passkeys";
import { prisma } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import { aUser, callerOf } from "@/tests/support/builders";
import { type Cbor, encodeCbor } from "@/tests/support/cbor";
import { aNamelessSignIn, answerWithPasskey } from "@/tests/support/passkey-sign-in";
import { aPasskey } from "@/tests/support/passkeys";
import { race } from "@/tests/support/race";
import {
  coseKeyOf,
  createPasskey,
  FLAGS,
  newSoftwarePasskey,
  type Tampering,
  usePasskey,
} from "@/tests/support/software-authenticator";
import {
  base64url,
  changeChallenge,
  handleOf,
  NO_JSON,
  site,
  WRONG_CLIENT_DATA,
  withResponse,
} from "@/tests/support/wrong-passkey-answers";

// Every answer here is wrong in one thing only; that the same answer without it
// passes is the first test (ATK-48).

let caller: Caller;

beforeAll(async () => {
  caller = await callerOf((await aUser()).id);
});

const enrolled = (of = caller): Promise<number> =>
  prisma().passkeyCredential.count({ where: { userId: of.principal.userId } });

/** What became of an answer, and how many passkeys there are afterwards. */
async function attempt(response: string) {
  return { ...(await enrolPasskey(caller, response, "Key")), passkeys: await enrolled() };
}

const refused = (reason: string) => ({ outcome: "rejected", reason, passkeys: 0 });

const offCurve = (): Map<Cbor, Cbor> => {
  const key = coseKeyOf(newSoftwarePasskey().publicKey);
  return key.set(-3, randomBytes(32));
};
const keyWith = (changes: [Cbor, Cbor][]): Map<Cbor, Cbor> =>
  new Map([...coseKeyOf(newSoftwarePasskey().publicKey), ...changes]);

const WRONG: Record<string, Tampering> = {
  ...WRONG_CLIENT_DATA,
  "its type is that of a sign-in": { clientData: { type: "webauthn.get" } },
  "nobody was present": { flags: FLAGS.at },
  "the algorithm is ES384, which was not offered": { algorithm: -35 },
  "the algorithm is RS1, which was not offered": { algorithm: -65_535 },
  "the algorithm is a word": { cose: keyWith([[3, "ES256"]]) },
  "the key is no point of the curve": { cose: offCurve() },
  "the key is of an unknown curve": { cose: keyWith([[-1, 99]]) },
  "the key has no coordinates": {
    cose: new Map<Cbor, Cbor>([
      [1, 2],
      [3, -7],
    ]),
  },
  "the key is empty": { cose: new Map() },
  "the attestation is of a kind that nobody knows": { format: "junk" },
  "the attestation is of a kind with certificates": { format: "tpm" },
  "it attests to nothing with a statement": {
    statement: new Map<Cbor, Cbor>([["sig", randomBytes(64)]]),
  },
  "it brings a certificate": {
    format: "packed",
    statement: new Map<Cbor, Cbor>([
      ["alg", -7],
      ["sig", randomBytes(70)],
      ["x5c", [randomBytes(200)]],
    ]),
  },
  "it attests to itself with another's signature": {
    format: "packed",
    statement: new Map<Cbor, Cbor>([
      ["alg", -7],
      ["sig", randomBytes(70)],
    ]),
  },
  "there is no new credential in it": { flags: FLAGS.up | FLAGS.uv },
  "the signed id is another": {
    answer: (answer) => {
      const id = base64url(randomBytes(24));
      return { ...answer, id, rawId: id };
    },
  },
  "the id is longer than any": {
    answer: (answer) => {
      const id = base64url(randomBytes(1_024));
      return { ...answer, id, rawId: id };
    },
  },
  "its attestation is no CBOR": { attestationObject: () => randomBytes(40) },
  "its attestation is a list": { attestationObject: () => encodeCbor(["none"]) },
  "its attestation nests without end": { attestationObject: () => Buffer.alloc(9_000, 0x81) },
  "its attestation ends too early": { attestationObject: (bytes) => bytes.subarray(0, -5) },
  "its attestation goes on after its end": {
    attestationObject: (bytes) => Buffer.concat([bytes, Buffer.from([0])]),
  },
  "its attestation is missing": { answer: withResponse({ attestationObject: undefined }) },
  "its transports are an object": { answer: withResponse({ transports: { length: 1 } }) },
};

test("an honest answer adds a passkey that signs in, and tells its owner by mail (F25)", async () => {
  const own = await callerOf((await aUser()).id);
  const { userId, email } = own.principal;
  const options = await startPasskey(own);
  expect(options).toMatchObject({ rp: { id: site.rpId }, attestation: "none" });
  const passkey = newSoftwarePasskey(options.user.id);
  const result = await enrolPasskey(own, createPasskey(options, site, {}, passkey), "My key");
  expect(result).toMatchObject({ outcome: "changed", ticket: expect.any(String) });
  const { challenge, ...browser } = await aNamelessSignIn();
  const response = usePasskey({ challenge }, site, passkey);
  expect((await answerWithPasskey(browser, response)).outcome).toBe("authenticated");
  expect(
    await prisma().auditEvent.findFirst({
      where: { action: "factor.added", targetId: userId },
    }),
  ).toMatchObject({ after: { factor: "passkey", label: "My key" } });
  const mail = await prisma().outboxMessage.findFirst({ where: { recipient: email } });
  expect(JSON.stringify(mail)).toContain("My key");
});

test("a key's own attestation is taken too, and checked", async () => {
  const own = await callerOf((await aUser()).id);
  const options = await startPasskey(own);
  const passkey = newSoftwarePasskey(options.user.id);
  const statement = new Map<Cbor, Cbor>([["alg", -7]]);
  const response = createPasskey(
    options,
    site,
    {
      format: "packed",
      statement,
      authData: (bytes) => {
        const data = { type: "webauthn.create", challenge: options.challenge };
        const clientData = JSON.stringify({ ...data, origin: site.origin, crossOrigin: false });
        const digest = createHash("sha256").update(clientData).digest();
        const signed = Buffer.concat([bytes, digest]);
        statement.set("sig", sign("sha256", signed, passkey.privateKey));
        return bytes;
      },
    },
    passkey,
  );
  expect((await enrolPasskey(own, response, "Key")).outcome).toBe("changed");
});

test("an RSA key under the name of an elliptic one is none", async () => {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  const cose = new Map<Cbor, Cbor>([
    [1, 3],
    [3, -7],
    [-1, Buffer.from(n, "base64url")],
    [-2, Buffer.from(e, "base64url")],
  ]);
  expect(await attempt(createPasskey(await startPasskey(caller), site, { cose }))).toEqual(
    refused("wrong"),
  );
});

test.each(Object.entries(WRONG))("nothing is added when %s", async (_what, tampering) => {
  expect(await attempt(createPasskey(await startPasskey(caller), site, tampering))).toMatchObject({
    outcome: "rejected",
    passkeys: 0,
  });
});

test.each(NO_JSON)("nothing is added by %.40s", async (text) => {
  await startPasskey(caller);
  expect(await attempt(text)).toEqual(refused("wrong"));
});

test("a challenge of another session is not taken", async () => {
  const elsewhere = await callerOf(caller.principal.userId);
  const options = await startPasskey(elsewhere);
  expect(await attempt(createPasskey(options, site))).toEqual(refused("spent"));
});

test("a challenge of a sign-in is not taken", async () => {
  const { challenge } = await aNamelessSignIn();
  const user = { id: handleOf(caller.principal.userId) };
  expect(await attempt(createPasskey({ challenge, user }, site))).toEqual(refused("spent"));
});

test("a challenge that has expired is not taken", async () => {
  const options = await startPasskey(caller);
  await changeChallenge(options.challenge, { expiresAt: new Date(Date.now() - 1_000) });
  expect(await attempt(createPasskey(options, site))).toEqual(refused("spent"));
});

test("a credential that somebody has is nobody else's", async () => {
  const theirs = await aPasskey((await aUser()).id);
  const options = await startPasskey(caller);
  expect(await attempt(createPasskey(options, site, {}, theirs))).toEqual(refused("taken"));
});

test("of 50 parallel uses of one answer one adds a passkey (DEC-1)", async () => {
  const own = await callerOf((await aUser()).id);
  const response = createPasskey(await startPasskey(own), site);
  const results = await race(50, () => enrolPasskey(own, response, "Key"));
  expect(results.filter(({ outcome }) => outcome === "changed")).toHaveLength(1);
  expect(await enrolled(own)).toBe(1);
});
