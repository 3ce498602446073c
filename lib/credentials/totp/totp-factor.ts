import "server-only";
import { type Factor, textOf } from "@/lib/credentials/factor";
import { placeOf, removeTotp } from "@/lib/credentials/totp/enrol-totp";
import { totpStepOf } from "@/lib/credentials/totp/totp";
import { consumeTotpStep, findTotp } from "@/lib/credentials/totp/totp-store";
import { unseal } from "@/lib/platform/encryption";

/** Something one has: a secret shared with an app. Each code works once (F18). */
export const totpFactor: Factor = {
  kind: "totp",
  enrolled: `EXISTS (SELECT 1 FROM credentials_totp c
                      WHERE c.user_id = u.id AND c.secret IS NOT NULL AND c.confirmed_at IS NOT NULL)`,
  forget: removeTotp,
  async verify({ userId, deviceId = null }, answer) {
    const sealed = userId === null ? null : await findConfirmed(userId);
    if (userId === null || sealed === null) return { outcome: "rejected", reason: "wrong" };
    const secret = new Uint8Array(unseal(sealed, placeOf(userId)));
    const step = totpStepOf(secret, textOf(answer, "code"), new Date());
    if (step === null) return { outcome: "rejected", reason: "wrong" };
    return (await consumeTotpStep(userId, step, deviceId))
      ? { outcome: "passed", userId, proof: "totp" }
      : { outcome: "rejected", reason: "wrong" };
  },
};

/** The sealed secret in use; one that waits for its first code is none. */
async function findConfirmed(userId: string) {
  const row = await findTotp(userId);
  return row?.confirmedAt ? row.secret : null;
}
