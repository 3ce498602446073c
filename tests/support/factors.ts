import { randomInt } from "node:crypto";
import {
  newRecoveryCodes,
  saveRecoveryCodes,
} from "@/lib/credentials/recovery-code/recovery-codes";
import { placeOf } from "@/lib/credentials/totp/enrol-totp";
import { newTotpSecret, totpEnrolment } from "@/lib/credentials/totp/totp";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import { prisma } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { seal } from "@/lib/platform/encryption";
import { newId } from "@/lib/platform/id";
import { totpAt } from "@/tests/support/rfc6238";

const PERIOD_SECONDS = 30;

/** The code that an authenticator app shows now, or so many periods from now. */
export const totpCode = (secretText: string, periods = 0): string =>
  totpAt(secretText, Date.now() / 1000 + periods * PERIOD_SECONDS);

/** Gives a user an authenticator app; its present and later codes are unused. */
export async function aTotp(userId: string): Promise<string> {
  const plain = newTotpSecret();
  const row = { secret: seal(plain, placeOf(userId)), confirmedAt: new Date(), lastStep: 0 };
  await prisma().totpCredential.upsert({
    where: { userId },
    create: { userId, ...row },
    update: row,
  });
  return totpEnrolment(plain, "somebody@example.com", "test").text;
}

/** Gives a user recovery codes, as they are printed. */
export async function someRecoveryCodes(userId: string): Promise<string[]> {
  const codes = await newRecoveryCodes();
  await inTransaction((tx) => saveRecoveryCodes(userId, codes, tx));
  return codes.map(({ code }) => code);
}

let range = randomInt(900);

/** An Austrian mobile number that nobody else in these tests has, nor its range. */
export function aNumber(): string {
  range += 1;
  return `+43664${100 + (range % 900)}${randomInt(1_000, 10_000)}`;
}

/** An address of its own network, so that no test spends another's budget. */
export const anAddress = (): string =>
  `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;

/** Gives a user a telephone that is in use. */
export async function aPhone(userId: string, number: string = aNumber()): Promise<string> {
  await prisma().phoneCredential.create({ data: { userId, number, confirmedAt: new Date() } });
  return number;
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
