import "server-only";
import { type Factor, textOf } from "@/lib/credentials/factor";
import { checkPassword } from "@/lib/credentials/password/check-password";
import { GivenPassword } from "@/lib/credentials/password/password.schema";

/** Something one knows. For nobody it costs one hash as well (ATK-38). */
export const passwordFactor: Factor = {
  kind: "password",
  enrolled: "EXISTS (SELECT 1 FROM credentials_password c WHERE c.user_id = u.id)",
  async verify({ userId }, answer) {
    const given = GivenPassword.safeParse(textOf(answer, "password"));
    if (!given.success) return { outcome: "rejected", reason: "wrong" };
    const matches = await checkPassword(userId, given.data);
    return matches && userId !== null
      ? { outcome: "passed", userId, proof: "password" }
      : { outcome: "rejected", reason: "wrong" };
  },
};
