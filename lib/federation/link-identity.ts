import "server-only";
import { holdProvider } from "@/lib/federation/connections";
import {
  consumeLink,
  deleteExpiredLinks,
  insertLink,
  type LinkKey,
} from "@/lib/federation/identity-link-store";
import { deleteIdentity, findIdentityOwner, insertIdentity } from "@/lib/federation/identity-store";
import type { UpstreamIdentity } from "@/lib/federation/sign-in-with-identity";
import { hashSecret, isSecret, newSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { minutes } from "@/lib/shared/duration";

/** The way to the provider and back, with a sign-in there. */
export const LINK_LIFETIME_SECONDS = minutes(10);

/** Remembers that this session wants an identity of this provider; answers with the browser's half. */
export async function openLink(key: LinkKey): Promise<string> {
  const secret = newSecret();
  await insertLink(newId(), hashSecret(secret), key, LINK_LIFETIME_SECONDS);
  return secret;
}

/** Uses the wish up; false when it is another session's, another provider's, used or too old. */
export const redeemLink = async (secret: unknown, key: LinkKey, tx: Db): Promise<boolean> =>
  isSecret(secret) && (await consumeLink(hashSecret(secret), key, tx));

/**
 * Lets an identity sign in as this user. It is known by the provider's own id
 * for it and never by its address, and belongs to one user at a time (ATK-15).
 */
export async function attachIdentity(
  userId: string,
  identity: UpstreamIdentity,
  tx: Db,
): Promise<"linked" | "own" | "taken" | "off"> {
  if (!(await holdProvider(identity, tx))) return "off";
  if (await insertIdentity(userId, identity.type, identity, tx)) return "linked";
  return (await findIdentityOwner(identity, tx)) === userId ? "own" : "taken";
}

/** Takes an identity of this user away; false for one that is not theirs. */
export const detachIdentity = (userId: string, id: string, tx: Db): Promise<boolean> =>
  deleteIdentity(userId, id, tx);

/** Deletes wishes that have been worthless for long; returns how many. */
export const purgeLinks = (): Promise<number> => deleteExpiredLinks();
