import { createHash, randomBytes, randomInt } from "node:crypto";
import { userHandleOf } from "@/lib/credentials/passkey/relying-party";
import { prisma } from "@/lib/platform/db/client";
import { ownSite } from "@/tests/support/passkeys";
import { type Answer, FLAGS, type Tampering } from "@/tests/support/software-authenticator";

/** The site as an honest browser sees it. */
export const site = ownSite();
const { origin } = site;
const { protocol, host, hostname } = new URL(origin);
const ELSEWHERE = {
  "the same site with something after its name": `${protocol}//${host}.evil.example`,
  "another port": `${protocol}//${hostname}:${randomInt(50_000, 60_000)}`,
  "another scheme": `${protocol === "https:" ? "http:" : "https:"}//${host}`,
  "a subdomain": `${protocol}//evil.${host}`,
  "our origin with a path": `${origin}/`,
  "our origin in capitals": origin.toUpperCase(),
  "no origin": "null",
};

/** What an authenticator keeps of this user. */
export const handleOf = (userId: string): string =>
  Buffer.from(userHandleOf(userId)).toString("base64url");
export const base64url = (text: string | Uint8Array): string =>
  Buffer.from(text).toString("base64url");
export const flipLast = (bytes: Buffer): Buffer => {
  const changed = Buffer.from(bytes);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  return changed;
};
export const withResponse = (change: Record<string, unknown>) => (answer: Answer) => ({
  ...answer,
  response: { ...answer.response, ...change },
});

/** What is wrong with a client data, whichever ceremony it belongs to. */
export const WRONG_CLIENT_DATA: Record<string, Tampering> = {
  ...Object.fromEntries(
    Object.entries(ELSEWHERE).map(([what, elsewhere]) => [
      `the origin is ${what}`,
      { clientData: { origin: elsewhere } },
    ]),
  ),
  "the origin is a list": { clientData: { origin: [origin] } },
  "the challenge is one that nobody asked": {
    clientData: { challenge: base64url(randomBytes(32)) },
  },
  "the challenge is empty": { clientData: { challenge: "" } },
  "the challenge is an object": { clientData: { challenge: { toString: "x" } } },
  "the type is missing": { clientData: { type: undefined } },
  "it was made in a frame of another site": {
    clientData: { crossOrigin: true, topOrigin: "https://evil.example" },
  },
  "it was made in a frame, with no word of whose": { clientData: { crossOrigin: true } },
  "it names a top origin without a frame": { clientData: { topOrigin: "https://evil.example" } },
  "its token binding is junk": { clientData: { tokenBinding: { status: "yes please" } } },
  "its token binding is text": { clientData: { tokenBinding: "supported" } },
  "its client data is no JSON": { clientDataText: "not JSON" },
  "its client data is null": { clientDataText: "null" },
  "its client data is no base64url": { answer: withResponse({ clientDataJSON: "%%%%" }) },
  "its client data is missing": { answer: withResponse({ clientDataJSON: undefined }) },
  "the credential's type is another": { answer: (answer) => ({ ...answer, type: "password" }) },
  "id and rawId differ": { answer: (answer) => ({ ...answer, rawId: base64url(randomBytes(24)) }) },
  "the id is missing": { answer: (answer) => ({ ...answer, id: undefined }) },
  "the id is padded": {
    answer: (answer) => ({ ...answer, id: `${answer.id}=`, rawId: `${answer.id}=` }),
  },
  "the id is a list": { answer: (answer) => ({ ...answer, id: [answer.id], rawId: [answer.id] }) },
  "there is no response": { answer: (answer) => ({ ...answer, response: null }) },
  "the relying party is another": { rpId: "evil.example" },
  "the relying party is a subdomain": { rpId: `evil.${site.rpId}` },
  "a synced key says that it cannot be": { flags: FLAGS.up | FLAGS.uv | FLAGS.at | FLAGS.bs },
  "the authenticator's data ends too early": { authData: (bytes) => bytes.subarray(0, 36) },
  "the authenticator's data goes on after its end": {
    authData: (bytes) => Buffer.concat([bytes, Buffer.from([0])]),
  },
  "it is huge": { clientData: { padding: "x".repeat(100_000) } },
};

export const NO_JSON = [
  "",
  "null",
  "[]",
  '"text"',
  "{",
  '{"__proto__":{"id":"x"}}',
  "[".repeat(15_000),
];

/** Changes what is stored of a challenge. */
export async function changeChallenge(
  challenge: string,
  data: { factor?: string; expiresAt?: Date },
): Promise<void> {
  const digest = new Uint8Array(createHash("sha256").update(challenge).digest());
  const { count } = await prisma().factorChallenge.updateMany({ where: { digest }, data });
  if (count !== 1) throw new Error("there is no such challenge");
}
