import "server-only";
import { type Factor, textOf } from "@/lib/credentials/factor";
import { verifyNothing, verifyPassword } from "@/lib/credentials/password/hash-password";
import {
  consumeRecoveryCode,
  deleteRecoveryCodes,
  findUnusedRecoveryCode,
} from "@/lib/credentials/recovery-code/recovery-code-store";
import { parseRecoveryCode } from "@/lib/credentials/recovery-code/recovery-codes";

/** Something one kept: it stands in for a lost factor, once (F19). */
export const recoveryCodeFactor: Factor = {
  kind: "recovery-code",
  enrolled: `EXISTS (SELECT 1 FROM credentials_recovery_code c
                      WHERE c.user_id = u.id AND c.consumed_at IS NULL)`,
  forget: deleteRecoveryCodes,
  async verify({ userId }, answer) {
    const typed = parseRecoveryCode(textOf(answer, "code"));
    if (userId === null || typed === null) return { outcome: "rejected", reason: "wrong" };
    const code = await findUnusedRecoveryCode(userId, typed.handle);
    if (code === null) {
      await verifyNothing(typed.secret);
      return { outcome: "rejected", reason: "wrong" };
    }
    const { matches } = await verifyPassword(code.hash, typed.secret);
    return matches && (await consumeRecoveryCode(code.id))
      ? { outcome: "passed", userId, proof: "recovery-code" }
      : { outcome: "rejected", reason: "wrong" };
  },
};
