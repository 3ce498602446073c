import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";
import { updateUser } from "@/lib/users/user-store";

/** Changes the caller's own name, and nothing else of anybody (ATK-40). */
export async function updateOwnName(caller: Caller, name: string | null): Promise<void> {
  const { userId, session, name: before } = caller.principal;
  await inTransaction(async (tx) => {
    await updateUser(userId, { name }, tx);
    await recordEvent(
      {
        action: "user.updated",
        outcome: "success",
        actor: { type: "user", id: userId, sessionId: session.id },
        target: { type: "user", id: userId },
        before: { name: before },
        after: { name },
      },
      caller.request,
      tx,
    );
  });
}
