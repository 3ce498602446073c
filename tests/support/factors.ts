import { TOTP } from "otpauth";
import {
  newRecoveryCodes,
  saveRecoveryCodes,
} from "@/lib/credentials/recovery-code/recovery-codes";
import { beginTotp, confirmTotp } from "@/lib/credentials/totp/enrol-totp";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";

const PERIOD_MS = 30_000;

/** The code that an authenticator app shows now, or so many periods from now. */
export function totpCode(secretText: string, periods = 0): string {
  const secret = secretText.replace(/\s/g, "");
  return new TOTP({ secret }).generate({ timestamp: Date.now() + periods * PERIOD_MS });
}

/** Gives a user an authenticator app; its present and later codes are unused. */
export async function aTotp(userId: string): Promise<string> {
  const { text } = await beginTotp(userId, "somebody@example.com");
  if (!(await inTransaction((tx) => confirmTotp(userId, totpCode(text), tx)))) {
    throw new Error("the first code was refused");
  }
  await prisma().totpCredential.update({ where: { userId }, data: { lastStep: 0 } });
  return text;
}

/** Gives a user recovery codes, as they are printed. */
export async function someRecoveryCodes(userId: string): Promise<string[]> {
  const codes = await newRecoveryCodes();
  await inTransaction((tx) => saveRecoveryCodes(userId, codes, tx));
  return codes.map(({ code }) => code);
}

/** The id of a sign-in that is under way, for what a factor asks within one. */
export async function aFlow(): Promise<string> {
  const id = newId();
  const expiresAt = new Date(Date.now() + 600_000);
  const tokenHash = hashSecret(newSecret());
  await prisma().signInFlow.create({
    data: { id, tokenHash, purpose: "sign_in", returnTo: "/", expiresAt },
  });
  return id;
}
