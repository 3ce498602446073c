import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { emailCodeFactor } from "@/lib/credentials/email-code/email-code-factor";
import type { Factor, Forgetting } from "@/lib/credentials/factor";
import { passkeyFactor } from "@/lib/credentials/passkey/passkey-factor";
import { passwordFactor } from "@/lib/credentials/password/password-factor";
import { recoveryCodeFactor } from "@/lib/credentials/recovery-code/recovery-code-factor";
import { smsCodeFactor } from "@/lib/credentials/sms-code/sms-code-factor";
import { totpFactor } from "@/lib/credentials/totp/totp-factor";
import { ask } from "@/lib/platform/db/ask";
import type { Db } from "@/lib/platform/db/client";
import type { FactorKind } from "@/lib/shared/factor";

/** Every factor there is. Removing one is deleting its folder and its line here. */
export const FACTORS: readonly Factor[] = [
  passkeyFactor,
  passwordFactor,
  emailCodeFactor,
  totpFactor,
  smsCodeFactor,
  recoveryCodeFactor,
];

export const findFactor = (kind: FactorKind): Factor | null =>
  FACTORS.find((factor) => factor.kind === kind) ?? null;

/** What a user can prove themselves with now. */
export async function listEnrolledFactors(userId: string, db?: Db): Promise<FactorKind[]> {
  const [row] = await ask<{ enrolled: FactorKind[] }>(
    "list-enrolled-factors",
    Prisma.sql`SELECT ${ENROLLED} AS enrolled FROM users u WHERE u.id = ${userId}::uuid`,
    db,
  );
  return row?.enrolled ?? [];
}

const ENROLLED = Prisma.raw(
  `array_remove(ARRAY[${FACTORS.map(({ kind, enrolled }) => `CASE WHEN ${enrolled} THEN '${kind}' END`).join(", ")}], NULL)`,
);

/** Takes every factor from a user that can be lost, or those of late; says which there were. */
export async function forgetFactors(
  userId: string,
  tx: Db,
  which?: Forgetting,
): Promise<FactorKind[]> {
  const forgotten: FactorKind[] = [];
  // One after the other: a transaction has one connection.
  for (const { kind, forget } of FACTORS) {
    if (await forget?.(userId, tx, which)) forgotten.push(kind);
  }
  return forgotten;
}
