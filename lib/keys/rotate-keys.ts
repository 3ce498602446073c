import "server-only";
import { actorOf, asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { KEY_PERMISSIONS } from "@/lib/keys/permissions";
import { type Rotation, rotateSigningKeys } from "@/lib/oidc/signing-keys";
import type { Caller } from "@/lib/shared/caller";

/**
 * Lets the waiting signing keys sign, or with `compromised` retires all of them
 * at once, for whoever has the permission and has just proven who they are.
 */
export async function rotateKeys(
  caller: Caller,
  { compromised }: { compromised: boolean },
): Promise<Rotation> {
  await authorize(caller, KEY_PERMISSIONS.manage);
  return rotateSigningKeys(actorOf(asCaller(caller)), caller.request, { compromised });
}
