import { createHash, randomBytes, randomInt } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { type Browser, promptFactor } from "@/lib/authn/attempt-factor";
import { startPasskey } from "@/lib/authn/own-passkeys";
import { beginSignIn } from "@/lib/authn/sign-in-flow";
import { signInWithPassword } from "@/lib/authn/sign-in-with-password";
import { prisma } from "@/lib/platform/db/client";
import { aRequest, aUser, callerOf, type TestUser } from "@/tests/support/builders";
import { aNamelessSignIn, answerWithPasskey, askPasskey } from "@/tests/support/passkey-sign-in";
import { aPasskey } from "@/tests/support/passkeys";
import { race } from "@/tests/support/race";
import {
  createPasskey,
  FLAGS,
  newSoftwarePasskey,
  type SoftwarePasskey,
  type Tampering,
  usePasskey,
} from "@/tests/support/software-authenticator";
import {
  base64url,
  changeChallenge,
  flipLast,
  handleOf,
  NO_JSON,
  site,
  WRONG_CLIENT_DATA,
  withResponse,
} from "@/tests/support/wrong-passkey-answers";

// Every answer here is wrong in one thing only; that the same answer without it
// passes is the first test (ATK-48).

/** From a network of its own, whose budget no other test spends. */
const fromAnywhere = () => aRequest({ ip: `10.9.${randomInt(256)}.${randomInt(1, 255)}` });

let user: TestUser;
let other: TestUser;
let passkey: SoftwarePasskey;
let othersPasskey: SoftwarePasskey;

beforeAll(async () => {
  [user, other] = [await aUser(), await aUser()];
  [passkey, othersPasskey] = [await aPasskey(user.id), await aPasskey(other.id)];
});

/** What became of an answer, and whether anybody came in or further by it. */
async function attempt(browser: Browser, response: string) {
  const { outcome } = await answerWithPasskey(browser, response, fromAnywhere());
  const where = { userId: { in: [user.id, other.id] } };
  return {
    outcome,
    tickets: await prisma().signInTicket.count({ where }),
    sessions: await prisma().session.count({ where }),
    proofs: await prisma().signInFlow.count({ where: { ...where, proofs: { isEmpty: false } } }),
  };
}

const REFUSED = { outcome: "rejected", tickets: 0, sessions: 0, proofs: 0 };

const WRONG: Record<string, (own: SoftwarePasskey) => Tampering> = {
  ...Object.fromEntries(
    Object.entries(WRONG_CLIENT_DATA).map(([what, tampering]) => [what, () => tampering]),
  ),
  "its type is that of a registration": () => ({ clientData: { type: "webauthn.create" } }),
  "nobody was present": () => ({ flags: 0 }),
  "its user was verified but not present": () => ({ flags: FLAGS.uv }),
  "the signature is another": () => ({ signature: flipLast }),
  "the signature is empty": () => ({ signature: () => Buffer.alloc(0) }),
  "the signature is junk": () => ({ signature: () => randomBytes(70) }),
  "another key signed": () => ({ privateKey: newSoftwarePasskey().privateKey }),
  "verification of the user was written in after signing": () => ({
    flags: FLAGS.up,
    sentAuthData: (bytes) => {
      const raised = Buffer.from(bytes);
      raised[32] = FLAGS.up | FLAGS.uv;
      return raised;
    },
  }),
  "the counter was raised after signing": () => ({ sentAuthData: flipLast }),
  "the credential is unknown": () => {
    const id = base64url(randomBytes(24));
    return { answer: (answer) => ({ ...answer, id, rawId: id }) };
  },
  "the credential is somebody else's": () => {
    const id = base64url(othersPasskey.id);
    return { answer: (answer) => ({ ...answer, id, rawId: id }) };
  },
  "the user handle is somebody else's": () => ({ userHandle: handleOf(other.id) }),
  "the user handle is missing": () => ({ userHandle: undefined }),
  "the user handle is empty": () => ({ userHandle: "" }),
  "the user handle is the id as text": () => ({ userHandle: base64url(user.id) }),
  "the user handle is an object": () => ({
    answer: withResponse({ userHandle: { length: 16 } }),
  }),
  "it promises extensions and has none": () => ({
    flags: FLAGS.up | FLAGS.uv | FLAGS.ed,
  }),
  "it promises a new credential and has none": () => ({
    flags: FLAGS.up | FLAGS.uv | FLAGS.at,
  }),
  "the authenticator's data is missing": () => ({
    answer: withResponse({ authenticatorData: undefined }),
  }),
  "the authenticator's data is no base64url": () => ({
    answer: withResponse({ authenticatorData: "a+b/" }),
  }),
};

test("an honest answer passes, with verification of the user as two factors (F25, F27)", async () => {
  const person = await aUser();
  const own = await aPasskey(person.id);
  const { challenge, ...browser } = await aNamelessSignIn();
  const flags = FLAGS.up | FLAGS.uv | FLAGS.be;
  const result = await answerWithPasskey(browser, usePasskey({ challenge }, site, own, { flags }));
  expect(result).toMatchObject({ outcome: "authenticated", returnTo: "/" });
  expect(await prisma().signInTicket.findFirst({ where: { userId: person.id } })).toMatchObject({
    acr: "urn:gatehouse:aal2",
    amr: ["hwk", "user", "mfa"],
  });
});

test("one that verifies its user and cannot leave its device is AAL3, and only that (NIST-17)", async () => {
  const person = await aUser();
  const own = await aPasskey(person.id);
  const acrWith = async (flags: number) => {
    const { challenge, ...browser } = await aNamelessSignIn();
    const response = usePasskey({ challenge }, site, own, { flags });
    const { outcome } = await answerWithPasskey(browser, response);
    const ticket = await prisma().signInTicket.findFirst({
      where: { userId: person.id },
      orderBy: { id: "desc" },
    });
    return outcome === "authenticated" ? ticket?.acr : outcome;
  };
  expect(await acrWith(FLAGS.up | FLAGS.uv)).toBe("urn:gatehouse:aal3");
  // What it once said of this never changes (WebAuthn L3 §7.2 step 20).
  expect(await acrWith(FLAGS.up | FLAGS.uv | FLAGS.be)).toBe("rejected");
  expect(await acrWith(FLAGS.up | FLAGS.uv | FLAGS.be | FLAGS.bs)).toBe("rejected");
  expect(await acrWith(FLAGS.up)).toBe("continue");
});

test("without verification of the user it is one factor, and the password is asked (F27)", async () => {
  const person = await aUser();
  const own = await aPasskey(person.id);
  const { challenge, ...browser } = await aNamelessSignIn();
  const response = usePasskey({ challenge }, site, own, { flags: FLAGS.up });
  expect(await answerWithPasskey(browser, response)).toMatchObject({
    outcome: "continue",
    next: { step: "second-factor", offers: ["password", "email-code"] },
  });
  expect(await prisma().signInTicket.count({ where: { userId: person.id } })).toBe(0);
});

test.each(Object.entries(WRONG))("nobody is let in when %s", async (_what, tamper) => {
  const { challenge, ...browser } = await aNamelessSignIn();
  expect(await attempt(browser, usePasskey({ challenge }, site, passkey, tamper(passkey)))).toEqual(
    REFUSED,
  );
});

test.each(NO_JSON)("nobody is let in by %.40s", async (text) => {
  const { challenge: _challenge, ...browser } = await aNamelessSignIn();
  expect(await attempt(browser, text)).toEqual(REFUSED);
});

test("nobody is let in by what answers a registration", async () => {
  const { challenge, ...browser } = await aNamelessSignIn();
  const options = { challenge, user: { id: handleOf(user.id) } };
  expect(await attempt(browser, createPasskey(options, site, {}, passkey))).toEqual(REFUSED);
});

test("a challenge of another sign-in is not taken", async () => {
  const [one, two] = [await aNamelessSignIn(), await aNamelessSignIn()];
  expect(await attempt(one, usePasskey({ challenge: two.challenge }, site, passkey))).toEqual(
    REFUSED,
  );
});

test("a challenge of a session is not taken", async () => {
  const caller = await callerOf((await aUser()).id);
  const { challenge } = await startPasskey(caller);
  expect(await attempt(await aNamelessSignIn(), usePasskey({ challenge }, site, passkey))).toEqual(
    REFUSED,
  );
});

test("a challenge of another factor is not taken", async () => {
  const { challenge, ...browser } = await aNamelessSignIn();
  await changeChallenge(challenge, { factor: "email-code" });
  expect(await attempt(browser, usePasskey({ challenge }, site, passkey))).toEqual(REFUSED);
});

test("a challenge that has expired is not taken", async () => {
  const { challenge, ...browser } = await aNamelessSignIn();
  await changeChallenge(challenge, { expiresAt: new Date(Date.now() - 1_000) });
  expect(await attempt(browser, usePasskey({ challenge }, site, passkey))).toEqual(REFUSED);
});

test("a challenge that was answered wrongly is not taken again", async () => {
  const { challenge, ...browser } = await aNamelessSignIn();
  expect(await attempt(browser, usePasskey({ challenge }, site, passkey, { flags: 0 }))).toEqual(
    REFUSED,
  );
  expect(await attempt(browser, usePasskey({ challenge }, site, passkey))).toEqual(REFUSED);
});

test("a challenge is kept as its hash, for five minutes", async () => {
  const { challenge } = await aNamelessSignIn();
  const digest = new Uint8Array(createHash("sha256").update(challenge).digest());
  const row = await prisma().factorChallenge.findFirstOrThrow({ where: { digest } });
  expect(row.expiresAt.getTime() - row.createdAt.getTime()).toBe(300_000);
  const text = JSON.stringify(row, (_key, value: unknown) =>
    value instanceof Uint8Array ? base64url(value) : value,
  );
  expect(text).not.toContain(challenge);
});

test("of 50 parallel uses of one answer one signs in (DEC-1)", async () => {
  const person = await aUser();
  const own = await aPasskey(person.id);
  const { challenge, ...browser } = await aNamelessSignIn();
  const response = usePasskey({ challenge }, site, own);
  const results = await race(50, () => answerWithPasskey(browser, response, fromAnywhere()));
  expect(results.filter(({ outcome }) => outcome === "authenticated")).toHaveLength(1);
  expect(await prisma().signInTicket.count({ where: { userId: person.id } })).toBe(1);
});

test.each([
  ["fell", 3],
  ["stood still", 7],
  ["is back at nought", 0],
])("a counter that %s is refused and on record (F28)", async (_what, counter) => {
  const person = await aUser();
  const own = await aPasskey(person.id);
  await prisma().passkeyCredential.updateMany({
    where: { userId: person.id },
    data: { counter: 7 },
  });
  const { challenge, ...browser } = await aNamelessSignIn();
  const response = usePasskey({ challenge }, site, own, { counter });
  expect((await answerWithPasskey(browser, response)).outcome).toBe("rejected");
  const alarm = await prisma().auditEvent.findMany({
    where: { action: "passkey.counter_fell", targetId: person.id },
  });
  expect(alarm).toHaveLength(1);
  expect(alarm[0]).toMatchObject({ after: { counter }, outcome: "failure" });
});

test("who does not hold the key raises no alarm about its counter", async () => {
  const person = await aUser();
  const own = await aPasskey(person.id);
  await prisma().passkeyCredential.updateMany({
    where: { userId: person.id },
    data: { counter: 7 },
  });
  const { challenge, ...browser } = await aNamelessSignIn();
  const forged = usePasskey({ challenge }, site, own, { counter: 1, signature: flipLast });
  expect((await answerWithPasskey(browser, forged)).outcome).toBe("rejected");
  const where = { action: "passkey.counter_fell", targetId: person.id };
  expect(await prisma().auditEvent.count({ where })).toBe(0);
});

test("whoever is disabled stays out", async () => {
  const person = await aUser({ status: "disabled" });
  const own = await aPasskey(person.id);
  const { challenge, ...browser } = await aNamelessSignIn();
  const response = usePasskey({ challenge }, site, own);
  expect((await answerWithPasskey(browser, response)).outcome).toBe("rejected");
});

test("an address gets the same question whoever has it, and no key's name (ATK-38)", async () => {
  const questions = await Promise.all(
    [user.email, "nobody@example.com", null].map(async (email) => {
      const flowSecret = await beginSignIn(email, "/");
      const browser = { flowSecret, deviceSecret: undefined };
      const asked = await promptFactor(browser, "passkey", aRequest());
      if (asked.outcome !== "asked") throw new Error(asked.outcome);
      return { ...asked.options, challenge: "" };
    }),
  );
  expect(questions[0]).toMatchObject({ allowCredentials: [] });
  expect(questions[1]).toEqual(questions[0]);
  expect(questions[2]).toEqual(questions[0]);
});

describe("after the password", () => {
  async function halfway(person: TestUser): Promise<Browser> {
    const { email, password } = person;
    const result = await signInWithPassword(email, password, undefined, aRequest(), {
      returnTo: "/",
    });
    if (result.outcome !== "continue") throw new Error(result.outcome);
    return { flowSecret: result.flowSecret, deviceSecret: undefined };
  }

  test("a key that does not name its user is enough, and one of somebody else is not", async () => {
    const person = await aUser();
    const own = await aPasskey(person.id);
    const browser = await halfway(person);
    const bare: Tampering = { flags: FLAGS.up, userHandle: undefined };
    const foreign = usePasskey(await askPasskey(browser), site, othersPasskey, bare);
    expect(await attempt(browser, foreign)).toEqual(REFUSED);
    const response = usePasskey(await askPasskey(browser), site, own, bare);
    expect((await answerWithPasskey(browser, response)).outcome).toBe("authenticated");
  });
});
