import "server-only";
import { type Factor, textOf } from "@/lib/credentials/factor";
import { removePhone } from "@/lib/credentials/sms-code/enrol-phone";
import { consumeCode, findPhone, notePhoneUse } from "@/lib/credentials/sms-code/sms-code-store";
import { guessSmsCode, sendSmsCode } from "@/lib/credentials/sms-code/sms-codes";

/**
 * A telephone. NIST SP 800-63B-4 §3.2.9 calls it restricted: whoever gets hold of
 * the number gets the codes, so that an organization may count it for nothing.
 */
export const smsCodeFactor: Factor = {
  kind: "sms-code",
  // Also where nobody sends messages now: a factor that fails must not fall away.
  enrolled: `EXISTS (SELECT 1 FROM credentials_phone c
                      WHERE c.user_id = u.id AND c.number IS NOT NULL AND c.confirmed_at IS NOT NULL)`,
  forget: removePhone,
  async prompt({ flowId, userId }, request) {
    const number = userId === null ? null : await numberOf(userId);
    if (userId === null || number === null) return { outcome: "unavailable" };
    return sendSmsCode({ userId, number, scope: { flowId, sessionId: null } }, request);
  },
  async verify({ flowId, userId, deviceId = null }, answer) {
    const number = userId === null ? null : await numberOf(userId);
    if (userId === null || number === null) return { outcome: "rejected", reason: "wrong" };
    const guess = await guessSmsCode(
      { userId, number, scope: { flowId, sessionId: null } },
      textOf(answer, "code"),
    );
    if (guess.outcome === "rejected") return guess;
    if (!(await consumeCode(guess.id))) return { outcome: "rejected", reason: "spent" };
    await notePhoneUse(userId, deviceId);
    return { outcome: "passed", userId, proof: "sms-code" };
  },
};

const numberOf = async (userId: string): Promise<string | null> =>
  (await findPhone(userId))?.number ?? null;
