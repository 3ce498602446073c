import "server-only";
import { consumeCode, spendGuess } from "@/lib/credentials/email-code/email-code-store";
import { isDigestOf, sendEmailCode } from "@/lib/credentials/email-code/email-codes";
import { type Factor, textOf } from "@/lib/credentials/factor";

/** The mailbox: it stands for the account itself, because it can reset the password. */
export const emailCodeFactor: Factor = {
  kind: "email-code",
  enrolled: "u.email_verified IS NOT NULL",
  async prompt({ flowId, userId, email }, request, via) {
    if (email === null) return { outcome: "asked" };
    await sendEmailCode({ flowId, userId, email }, via === "link" ? "link" : "code", request);
    return { outcome: "asked" };
  },
  async verify({ flowId, userId }, answer) {
    const code = textOf(answer, "code").replace(/\s/g, "");
    if (!/^\d{6}$/.test(code)) return { outcome: "rejected", reason: "wrong" };
    const sent = await spendGuess(flowId, userId);
    if (sent === null) return { outcome: "rejected", reason: "spent" };
    if (userId === null || !isDigestOf(sent.digest, flowId, code)) {
      return { outcome: "rejected", reason: "wrong" };
    }
    return (await consumeCode(sent.id))
      ? { outcome: "passed", userId, proof: "email-code" }
      : { outcome: "rejected", reason: "spent" };
  },
};
