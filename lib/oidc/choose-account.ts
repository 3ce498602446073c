import "server-only";
import { SELECT_ACCOUNT } from "@/lib/oidc/account-prompt";
import { answerInteraction, askInstead } from "@/lib/oidc/artifact-store";
import { getProvider } from "@/lib/oidc/provider";
import type { Caller } from "@/lib/shared/caller";

/** What of an interaction is about the account that was in use when it began. */
const OF_AN_ACCOUNT = ["session", "grantId", "lastSubmission"];

/**
 * An account has been chosen: whichever the browser uses when it resumes the
 * request. The answer names nobody, so that it signs nobody in.
 */
export const answerAccountChoice = (uid: string): Promise<boolean> =>
  answerInteraction(uid, SELECT_ACCOUNT, { [SELECT_ACCOUNT]: {} }, { forgotten: OF_AN_ACCOUNT });

/**
 * Begins an interaction of the caller's anew with the choice of an account. What
 * they have proven in it is forgotten: it was about the account before. False
 * when it has been answered, is too old or is somebody else's.
 */
export async function chooseAnotherAccount(caller: Caller, uid: string): Promise<boolean> {
  const interaction = await (await getProvider()).Interaction.find(uid);
  if (interaction?.session?.uid !== caller.principal.session.id) return false;
  const prompt = { name: SELECT_ACCOUNT, reasons: ["another_account"], details: {} };
  return askInstead(uid, prompt, OF_AN_ACCOUNT);
}
