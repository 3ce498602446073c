import type { LanguageSetting } from "@/lib/users/language.schema";
import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";
import { updateUser } from "@/lib/users/user-store";

/** Changes the caller's own name, and nothing else of anybody (ATK-40). */
export async function updateOwnName(caller: Caller, name: string | null): Promise<void> {
  const { userId, name: before } = caller.principal;
  await inTransaction(async (tx) => {
    await updateUser(userId, { name }, tx);
    await recordChange(
      caller,
      {
        action: "user.updated",
        target: { type: "user", id: userId },
        before: { name: before },
        after: { name },
      },
      tx,
    );
  });
}

/** Sets the language and the time zone of the caller, and of nobody else. */
export async function updateOwnLanguage(caller: Caller, after: LanguageSetting): Promise<void> {
  const { userId, locale, timeZone } = caller.principal;
  await inTransaction(async (tx) => {
    await updateUser(userId, after, tx);
    await recordChange(
      caller,
      {
        action: "user.updated",
        target: { type: "user", id: userId },
        before: { locale, timeZone },
        after,
      },
      tx,
    );
  });
}
