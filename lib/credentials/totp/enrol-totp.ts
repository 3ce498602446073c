import "server-only";
import { encode } from "uqr";
import type { FactorOwner, Forgetting } from "@/lib/credentials/factor";
import { newTotpSecret, totpEnrolment, totpStepOf } from "@/lib/credentials/totp/totp";
import {
  confirmPendingTotp,
  deleteTotp,
  findPendingSecret,
  savePendingTotp,
} from "@/lib/credentials/totp/totp-store";
import { getConfig } from "@/lib/platform/config";
import type { Db } from "@/lib/platform/db/client";
import { seal, unseal } from "@/lib/platform/encryption";
import type { SealedColumn } from "@/lib/platform/reencryption";
import { minutes } from "@/lib/shared/duration";

/** Where a sealed secret belongs: it opens for no other user. */
export const placeOf = (userId: string): string => `credentials_totp.secret:${userId}`;

/** Where secrets are kept: the one in use, and the one that waits for its first code. */
export const SEALED_TOTP_SECRETS: SealedColumn[] = ["secret", "pending_secret"].map((column) => ({
  table: "credentials_totp",
  column,
  key: "user_id",
  placeOf,
}));

export interface TotpEnrolment {
  /** The `otpauth:` address. */
  uri: string;
  /** The same secret in base32, to type. */
  text: string;
  /** The picture of the address: rows of dark and light modules. */
  picture: boolean[][];
}

/** Long enough to fetch the telephone, short enough that nobody finds it waiting. */
const PENDING_SECONDS = minutes(10);

/**
 * Makes a secret that waits for its first code in this session and for a while. One in
 * use goes on working until then (F17).
 */
export async function beginTotp(owner: FactorOwner, email: string, tx: Db): Promise<TotpEnrolment> {
  const secret = newTotpSecret();
  await savePendingTotp(owner, seal(secret, placeOf(owner.userId)), PENDING_SECONDS, tx);
  return describe(secret, email);
}

/** The secret that waits in this session, shown again after a wrong code; null for none. */
export async function findPendingTotp(
  owner: FactorOwner,
  email: string,
): Promise<TotpEnrolment | null> {
  const pending = await findPendingSecret(owner);
  return pending && describe(new Uint8Array(unseal(pending, placeOf(owner.userId))), email);
}

function describe(secret: Uint8Array<ArrayBuffer>, email: string): TotpEnrolment {
  const enrolment = totpEnrolment(secret, email, getConfig().appUrl.host);
  return { ...enrolment, picture: encode(enrolment.uri, { border: 2 }).data };
}

/** Puts the secret that waits in this session into use when this is its code; the code is used up with it. */
export async function confirmTotp(owner: FactorOwner, code: string, tx: Db): Promise<boolean> {
  const pending = await findPendingSecret(owner, tx);
  if (pending === null) return false;
  const secret = new Uint8Array(unseal(pending, placeOf(owner.userId)));
  const step = totpStepOf(secret, code, new Date());
  return step !== null && confirmPendingTotp(owner, pending, step, tx);
}

export const removeTotp = (userId: string, tx: Db, which?: Forgetting): Promise<boolean> =>
  deleteTotp(userId, tx, which);
