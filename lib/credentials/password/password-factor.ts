import "server-only";
import { type Factor, textOf } from "@/lib/credentials/factor";
import { checkPassword } from "@/lib/credentials/password/check-password";
import { GivenPassword } from "@/lib/credentials/password/password.schema";
import { findPasswordHash } from "@/lib/credentials/password/password-store";

/** Something one knows. For nobody it costs one hash as well (ATK-38). */
export const passwordFactor: Factor = {
  kind: "password",
  isEnrolled: async (userId, db) => (await findPasswordHash(userId, db)) !== null,
  async verify({ userId }, answer) {
    const given = GivenPassword.safeParse(textOf(answer, "password"));
    if (!given.success) return { outcome: "rejected", reason: "wrong" };
    const matches = await checkPassword(userId, given.data);
    return matches && userId !== null
      ? { outcome: "passed", userId, proof: "password" }
      : { outcome: "rejected", reason: "wrong" };
  },
};
