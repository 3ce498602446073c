import "server-only";
import {
  type ChallengePlace,
  consumeChallenge,
  insertChallenge,
  purgeChallenges,
} from "@/lib/credentials/passkey/passkey-challenge-store";
import { hashSecret, isSecret, newSecret } from "@/lib/platform/crypto";
import { newId } from "@/lib/platform/id";
import { minutes } from "@/lib/shared/duration";

/** WebAuthn L3 §15.1 advises five to ten minutes where the user may have to look for a key. */
export const CHALLENGE_LIFETIME_SECONDS = minutes(5);

/** The bytes for an authenticator to sign. What is stored of them is their SHA-256. */
export async function newChallenge(place: ChallengePlace): Promise<Uint8Array<ArrayBuffer>> {
  const challenge = newSecret();
  await insertChallenge(newId(), place, hashSecret(challenge), CHALLENGE_LIFETIME_SECONDS);
  return new Uint8Array(Buffer.from(challenge, "base64url"));
}

/** Uses up a challenge where it was asked; false for one that is not waiting there for an answer. */
export const answerChallenge = async (place: ChallengePlace, challenge: string): Promise<boolean> =>
  isSecret(challenge) && consumeChallenge(place, hashSecret(challenge));

/** Deletes challenges that nobody can answer any more; returns how many. */
export const purgePasskeyChallenges = (): Promise<number> => purgeChallenges();
