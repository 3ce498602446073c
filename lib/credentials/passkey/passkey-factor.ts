import "server-only";
import {
  generateAuthenticationOptions,
  type VerifiedAuthenticationResponse,
  verifyAuthenticationResponse,
} from "@simplewebauthn/server";
import { recordStandaloneEvent } from "@/lib/audit/record-event";
import { type Factor, type FactorSubject, textOf } from "@/lib/credentials/factor";
import { describePasskeys, passkeyProof } from "@/lib/credentials/passkey/own-passkeys";
import { type AssertionAnswer, parseAssertion } from "@/lib/credentials/passkey/parse-response";
import {
  answerChallenge,
  CHALLENGE_LIFETIME_SECONDS,
  newChallenge,
} from "@/lib/credentials/passkey/passkey-challenge";
import {
  deletePasskeyRows,
  findPasskey,
  notePasskeyUse,
  type PasskeyRow,
} from "@/lib/credentials/passkey/passkey-store";
import { relyingParty, userHandleOf } from "@/lib/credentials/passkey/relying-party";
import type { RequestFacts } from "@/lib/shared/caller";

const WRONG = { outcome: "rejected", reason: "wrong" } as const;

/** Something one has, and with `+uv` something one is or knows as well (F25, F27). */
export const passkeyFactor: Factor = {
  kind: "passkey",
  enrolled: "EXISTS (SELECT 1 FROM credentials_passkey c WHERE c.user_id = u.id)",
  forget: deletePasskeyRows,

  /** Which keys somebody has is told to nobody but whoever has proven to be them (ATK-38). */
  async prompt({ flowId, userId, place }) {
    const allowCredentials =
      place === "second" && userId !== null ? await describePasskeys(userId) : [];
    const options = await generateAuthenticationOptions({
      rpID: relyingParty().id,
      challenge: await newChallenge({ flowId }),
      allowCredentials,
      userVerification: "preferred",
      timeout: CHALLENGE_LIFETIME_SECONDS * 1_000,
    });
    return { outcome: "asked", options: { ...options } };
  },

  async verify(subject, answer, request) {
    const response = parseAssertion(textOf(answer, "response"));
    if (response === null) return WRONG;
    // Before anything is verified: an answer gets one look, whatever comes of it.
    if (!(await answerChallenge({ flowId: subject.flowId }, response.challenge))) {
      return { outcome: "rejected", reason: "spent" };
    }
    const passkey = await findPasskey(new Uint8Array(Buffer.from(response.id, "base64url")));
    if (passkey === null || !isOwn(passkey, subject, response)) return WRONG;
    const verified = await verifyAssertion(response, passkey);
    if (verified === null) return WRONG;
    const { newCounter, credentialBackedUp, credentialDeviceType, userVerified } = verified;
    const backupEligible = credentialDeviceType === "multiDevice";
    // It never changes in an honest authenticator (WebAuthn L3 §7.2 step 20).
    if (passkey.backupEligible !== null && passkey.backupEligible !== backupEligible) return WRONG;
    const { deviceId = null } = subject;
    const use = { counter: newCounter, backedUp: credentialBackedUp, backupEligible, deviceId };
    if (!(await notePasskeyUse(passkey.id, use))) {
      await recordFallenCounter(passkey, newCounter, request);
      return WRONG;
    }
    const proof = passkeyProof(userVerified, backupEligible);
    return { outcome: "passed", userId: passkey.userId, proof, epoch: passkey.epoch };
  },
};

/**
 * A flow with an address takes that user's passkeys and nobody else's. One
 * without takes anybody's that says itself whose it is (WebAuthn L3 §7.2 step 6).
 */
function isOwn(
  { userId }: PasskeyRow,
  subject: FactorSubject,
  { response: { userHandle } }: AssertionAnswer,
): boolean {
  const handle = Buffer.from(userHandleOf(userId)).toString("base64url");
  const isNamed = subject.email !== null || subject.userId !== null;
  return isNamed
    ? subject.userId === userId && (userHandle === undefined || userHandle === handle)
    : userHandle === handle;
}

/** The signed data when everything about it is right, and null for anything else. */
async function verifyAssertion(
  response: AssertionAnswer,
  { publicKey }: PasskeyRow,
): Promise<VerifiedAuthenticationResponse["authenticationInfo"] | null> {
  const { id: expectedRPID, origin: expectedOrigin } = relyingParty();
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...response, clientExtensionResults: {} },
      expectedChallenge: response.challenge,
      expectedOrigin,
      expectedRPID,
      // The library compares counters before it has seen a signature, which would
      // let anybody raise the alarm below. The store compares them, after it.
      credential: { id: response.id, publicKey, counter: 0 },
      requireUserVerification: false,
    });
    return verified ? authenticationInfo : null;
  } catch {
    // The library says by throwing what is wrong with an answer.
    return null;
  }
}

/** Somebody holds a copy of this key: the owner, or a thief (F28). */
async function recordFallenCounter(
  { id, userId, counter }: PasskeyRow,
  given: number,
  request: RequestFacts,
): Promise<void> {
  await recordStandaloneEvent(
    {
      action: "passkey.counter_fell",
      outcome: "failure",
      actor: { type: "anonymous" },
      target: { type: "user", id: userId },
      reason: "the key may have been copied",
      before: { passkey: id, counter: Number(counter) },
      after: { counter: given },
    },
    request,
  );
}
