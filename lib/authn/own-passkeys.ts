import "server-only";
import type { PublicKeyCredentialCreationOptionsJSON } from "@simplewebauthn/server";
import { recordChange } from "@/lib/audit/record-event";
import { changeFactor } from "@/lib/authn/change-factor";
import { ownerIn } from "@/lib/credentials/factor";
import { beginPasskey, judgePasskey } from "@/lib/credentials/passkey/enrol-passkey";
import {
  listPasskeys,
  nameOwnPasskey,
  passkeyProof,
  removePasskey,
  savePasskey,
} from "@/lib/credentials/passkey/own-passkeys";
import { findSignInRules } from "@/lib/organizations/sign-in-rules";
import { inTransaction } from "@/lib/platform/db/transaction";
import { requireAssurance, SENSITIVE } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";

/** The caller's passkeys: what they call them, since when, when last used, and whether synced. */
export const listOwnPasskeys = ({ principal }: Caller) => listPasskeys(principal.userId);

/** What the caller's browser needs to make a passkey, answered in this session only. */
export async function startPasskey({
  principal,
}: Caller): Promise<PublicKeyCredentialCreationOptionsJSON> {
  requireAssurance(principal, SENSITIVE);
  const { userId: id, email, name, session } = principal;
  return beginPasskey({ id, email, name }, session.id);
}

/** Adds what the caller's browser made in answer to {@link startPasskey}, under a name (F25, F26). */
export async function enrolPasskey(caller: Caller, response: string, name: string) {
  const { organizationId, session } = caller.principal;
  // Before the challenge is used up: who has to confirm first begins again afterwards.
  requireAssurance(caller.principal, SENSITIVE);
  const judged = await judgePasskey(response, session.id);
  if (judged.outcome === "rejected") return judged;
  const { passkey } = judged;
  const { passkeyModels } = await findSignInRules(organizationId);
  if (passkeyModels.length > 0 && !passkeyModels.includes(passkey.aaguid)) {
    return { outcome: "rejected", reason: "model" } as const;
  }
  const proof = passkeyProof(passkey.userVerified, passkey.backupEligible);
  const result = await changeFactor(
    caller,
    { factor: "passkey", change: "added", label: name, proof },
    async (tx) => ((await savePasskey(ownerIn(caller.principal), passkey, name, tx)) ? true : null),
  );
  return result ?? ({ outcome: "rejected", reason: "taken" } as const);
}

/** Gives one of the caller's passkeys another name, on record; null for one that is not theirs. */
export async function renamePasskey(
  caller: Caller,
  id: string,
  name: string,
): Promise<true | null> {
  const { userId } = caller.principal;
  return inTransaction(async (tx) => {
    const before = await nameOwnPasskey(userId, id, name, tx);
    if (before === null) return null;
    if (before === name) return true;
    await recordChange(
      caller,
      {
        action: "factor.renamed",
        target: { type: "user", id: userId },
        before: { factor: "passkey", label: before },
        after: { factor: "passkey", label: name },
      },
      tx,
    );
    return true;
  });
}

/** Forgets one of the caller's passkeys, but not their last way in; null for one that is not theirs. */
export async function forgetPasskey(caller: Caller, id: string) {
  const { userId } = caller.principal;
  requireAssurance(caller.principal, SENSITIVE);
  const label = (await listPasskeys(userId)).find((passkey) => passkey.id === id)?.name;
  if (label === undefined) return null;
  return changeFactor(caller, { factor: "passkey", change: "removed", label }, async (tx) =>
    (await removePasskey(userId, id, tx)) ? true : null,
  );
}
