import "server-only";
import { contextWords } from "@/lib/authn/register";
import {
  completeSetup,
  findCompleteRoleId,
  isSetupOpen,
  isSetupToken,
  saveSetupToken,
} from "@/lib/authn/setup-store";
import { hashPassword } from "@/lib/credentials/password/hash-password";
import { judgePassword, type PasswordRefusal } from "@/lib/credentials/password/judge-password";
import { setPasswordHash } from "@/lib/credentials/password/set-password";
import { hashSecret, isSecret, newSecret } from "@/lib/platform/crypto";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import type { RequestFacts } from "@/lib/shared/caller";
import { createUser } from "@/lib/users/create-user";

/**
 * A new one-time secret for `/setup`, or null once there has been a first
 * administrator. Only the newest works, so a lost link is replaced by a restart.
 */
export async function issueSetupToken(): Promise<string | null> {
  const secret = newSecret();
  return (await saveSetupToken(hashSecret(secret))) ? secret : null;
}

/** Whether `/setup` answers at all; a database that cannot say throws, and opens nothing. */
export const setupIsOpen = (): Promise<boolean> => isSetupOpen();

/** True for the present one-time link. Looking does not use it up. */
export const isValidSetupToken = async (token: unknown): Promise<boolean> =>
  isSecret(token) && isSetupToken(hashSecret(token));

export interface FirstAdministrator {
  email: string;
  name: string | null;
  password: string;
}

export type SetupResult =
  | { outcome: "created"; userId: string }
  | {
      outcome: "rejected";
      reason: PasswordRefusal | "link-invalid" | "address-taken";
    };

class SetupRefused extends Error {}

/**
 * Makes the first administrator, at most once in the life of a database
 * (ATK-45). `token` is the link's secret, or null where the operator's own
 * configuration or command line asks.
 */
export async function createFirstAdministrator(
  { email, name, password }: FirstAdministrator,
  token: { secret: unknown } | null,
  request: RequestFacts,
): Promise<SetupResult> {
  if (token !== null && !(await isValidSetupToken(token.secret))) {
    return { outcome: "rejected", reason: "link-invalid" };
  }
  const refusal = judgePassword(password, contextWords(email, name));
  if (refusal !== null) return { outcome: "rejected", reason: refusal };
  const hash = await hashPassword(password);
  const tokenHash = token === null ? null : hashSecret(String(token.secret));
  const userId = newId();
  try {
    return await inTransaction(async (tx): Promise<SetupResult> => {
      if (!(await completeSetup(tokenHash, tx))) {
        return { outcome: "rejected", reason: "link-invalid" };
      }
      const roleId = await findCompleteRoleId(tx);
      if (roleId === null) throw new Error("no role holds every permission; run the sync first");
      const actor = token === null ? ({ type: "system" } as const) : userActor(userId);
      const created = await createUser(
        {
          id: userId,
          email,
          name,
          status: "active",
          emailVerified: new Date(),
          roles: [roleId],
        },
        actor,
        request,
        tx,
      );
      // Thrown, so that set-up stays open for another address.
      if (!created) throw new SetupRefused();
      await setPasswordHash(userId, hash, actor, request, tx);
      return { outcome: "created", userId };
    });
  } catch (error) {
    if (error instanceof SetupRefused) return { outcome: "rejected", reason: "address-taken" };
    throw error;
  }
}

const userActor = (id: string) => ({ type: "user", id }) as const;
