import "server-only";
import { encode } from "uqr";
import type { Forgetting } from "@/lib/credentials/factor";
import { newTotpSecret, totpEnrolment, totpStepOf } from "@/lib/credentials/totp/totp";
import {
  confirmPendingTotp,
  deleteTotp,
  findTotp,
  savePendingTotp,
} from "@/lib/credentials/totp/totp-store";
import { getConfig } from "@/lib/platform/config";
import type { Db } from "@/lib/platform/db/client";
import { seal, unseal } from "@/lib/platform/encryption";
import type { SealedColumn } from "@/lib/platform/reencryption";

/** Where a sealed secret belongs: it opens for no other user. */
export const placeOf = (userId: string): string => `credentials_totp.secret:${userId}`;

/** Where secrets are kept: the one in use, and the one that waits for its first code. */
export const SEALED_TOTP_SECRETS: SealedColumn[] = ["secret", "pending_secret"].map((column) => ({
  table: "credentials_totp",
  column,
  key: "user_id",
  placeOf,
}));

/** Whose authenticator app, and the session in which it is being added. */
export interface TotpOwner {
  userId: string;
  sessionId: string;
}

export interface TotpEnrolment {
  /** The `otpauth:` address. */
  uri: string;
  /** The same secret in base32, to type. */
  text: string;
  /** The picture of the address: rows of dark and light modules. */
  picture: boolean[][];
}

/** Makes a secret that waits for its first code. One in use goes on working until then (F17). */
export async function beginTotp(userId: string, email: string): Promise<TotpEnrolment> {
  const secret = newTotpSecret();
  await savePendingTotp(userId, seal(secret, placeOf(userId)));
  return describe(secret, email);
}

/** The secret that waits for its first code, shown again after a wrong one; null for none. */
export async function findPendingTotp(
  userId: string,
  email: string,
): Promise<TotpEnrolment | null> {
  const row = await findTotp(userId);
  return row?.pendingSecret
    ? describe(new Uint8Array(unseal(row.pendingSecret, placeOf(userId))), email)
    : null;
}

function describe(secret: Uint8Array<ArrayBuffer>, email: string): TotpEnrolment {
  const enrolment = totpEnrolment(secret, email, getConfig().appUrl.host);
  return { ...enrolment, picture: encode(enrolment.uri, { border: 2 }).data };
}

/** Puts the pending secret into use when this is its code; the code is used up with it. */
export async function confirmTotp(
  { userId, sessionId }: TotpOwner,
  code: string,
  tx: Db,
): Promise<boolean> {
  const pending = (await findTotp(userId, tx))?.pendingSecret;
  if (!pending) return false;
  const step = totpStepOf(new Uint8Array(unseal(pending, placeOf(userId))), code, new Date());
  return step !== null && confirmPendingTotp(userId, pending, { step, sessionId }, tx);
}

export const removeTotp = (userId: string, tx: Db, which?: Forgetting): Promise<boolean> =>
  deleteTotp(userId, tx, which);
