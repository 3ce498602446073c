import "server-only";
import {
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import {
  COSEALG,
  decodeAttestationObject,
  isoCBOR,
  verifySignature,
} from "@simplewebauthn/server/helpers";
import { describePasskeys } from "@/lib/credentials/passkey/own-passkeys";
import { type AttestationAnswer, parseAttestation } from "@/lib/credentials/passkey/parse-response";
import {
  answerChallenge,
  CHALLENGE_LIFETIME_SECONDS,
  newChallenge,
} from "@/lib/credentials/passkey/passkey-challenge";
import type { NewPasskey } from "@/lib/credentials/passkey/passkey-store";
import { relyingParty, userHandleOf } from "@/lib/credentials/passkey/relying-party";

/** What every authenticator of today has one of. */
const ALGORITHMS = [COSEALG.ES256, COSEALG.EdDSA, COSEALG.RS256];

/** A signature in shape, of nothing: DER of the numbers 1 and 1. */
const ANY_SIGNATURE = new Uint8Array([0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]);

/** What a browser is told in order to make a passkey. The challenge belongs to this session. */
export async function beginPasskey(
  user: { id: string; email: string; name: string | null },
  sessionId: string,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { id: rpID, name: rpName } = relyingParty();
  return generateRegistrationOptions({
    rpID,
    rpName,
    userID: userHandleOf(user.id),
    userName: user.email,
    userDisplayName: user.name ?? user.email,
    challenge: await newChallenge({ sessionId }),
    timeout: CHALLENGE_LIFETIME_SECONDS * 1_000,
    attestationType: "none",
    excludeCredentials: await describePasskeys(user.id),
    // Without a discoverable key somebody has to type an address first; that is still worth having.
    authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
    supportedAlgorithmIDs: ALGORITHMS,
  });
}

export type PasskeyJudgement =
  | { outcome: "verified"; passkey: NewPasskey }
  | { outcome: "rejected"; reason: "wrong" | "spent" };

/** Judges what the browser made, and uses up the challenge of this session. Stores nothing. */
export async function judgePasskey(text: string, sessionId: string): Promise<PasskeyJudgement> {
  const response = parseAttestation(text);
  if (response === null) return { outcome: "rejected", reason: "wrong" };
  if (!(await answerChallenge({ sessionId }, response.challenge))) {
    return { outcome: "rejected", reason: "spent" };
  }
  const passkey = await verifyAttestation(response);
  return passkey === null
    ? { outcome: "rejected", reason: "wrong" }
    : { outcome: "verified", passkey };
}

async function verifyAttestation(response: AttestationAnswer): Promise<NewPasskey | null> {
  const { id: expectedRPID, origin: expectedOrigin } = relyingParty();
  try {
    if (!isPlainAttestation(response.response.attestationObject)) return null;
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { ...response, clientExtensionResults: {} },
      expectedChallenge: response.challenge,
      expectedOrigin,
      expectedRPID,
      requireUserVerification: false,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    // The library leaves open that the id beside the signed data is another one.
    if (!verified || registrationInfo.credential.id !== response.id) return null;
    const { credential, aaguid, credentialBackedUp: backedUp, userVerified } = registrationInfo;
    const backupEligible = registrationInfo.credentialDeviceType === "multiDevice";
    const { id, publicKey, counter } = credential;
    await expectUsable(publicKey);
    const credentialId = new Uint8Array(Buffer.from(id, "base64url"));
    const { transports } = response.response;
    const flags = { backupEligible, backedUp, userVerified };
    return { credentialId, publicKey, counter, transports, aaguid, ...flags };
  } catch {
    // The library says by throwing what is wrong with an answer.
    return null;
  }
}

/**
 * None was asked for, and then browsers send none or the key's own signature
 * (WebAuthn L3 §5.1.3). What comes with certificates is not read at all.
 */
function isPlainAttestation(attestationObject: string): boolean {
  const bytes = new Uint8Array(Buffer.from(attestationObject, "base64url"));
  const decoded = decodeAttestationObject(bytes);
  const format = decoded.get("fmt");
  const isSelf = format === "packed" && decoded.get("attStmt").get("x5c") === undefined;
  return (
    (format === "none" || isSelf) && isoCBOR.encode(asCbor(decoded)).byteLength === bytes.byteLength
  );
}

/** The library's own type for it is narrower than what its encoder takes. */
const asCbor = (decoded: unknown) => decoded as Parameters<typeof isoCBOR.encode>[0];

/** Throws for what is no key, such as a point beside the curve: its owner could never use it. */
async function expectUsable(credentialPublicKey: Uint8Array<ArrayBuffer>): Promise<void> {
  const data = new Uint8Array(32);
  await verifySignature({ signature: ANY_SIGNATURE, data, credentialPublicKey });
}
