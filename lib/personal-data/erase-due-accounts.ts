import "server-only";
import { eraseFromReviews } from "@/lib/access-reviews/erase-from-reviews";
import { recordEvent } from "@/lib/audit/record-event";
import { eraseMentions } from "@/lib/audit-chain/erase-mentions";
import { eraseUserFromAudit } from "@/lib/audit-chain/erase-user";
import { accountErasedMail } from "@/lib/personal-data/deletion-mails";
import {
  type ClaimedDeletion,
  claimDueDeletion,
  type ErasedAccount,
  insertRepeatedErasure,
  isToldEnough,
  listErasedRows,
  lockForDeletion,
  markErased,
  markFinished,
  markTold,
  postpone,
} from "@/lib/personal-data/deletion-store";
import {
  deletePersonalRows,
  eraseUserRow,
  findPersonalKeys,
  sweepMentions,
} from "@/lib/personal-data/erasure-store";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import type { RequestFacts } from "@/lib/shared/caller";
import { days, hours, minutes, seconds } from "@/lib/shared/duration";

/** Whoever is killed at an erasure is followed by another after this. */
const CLAIM_SECONDS = minutes(10);
/** How long the last mail may take to leave before its address is forgotten. */
const MAIL_WAIT_SECONDS = hours(1);
const NEXT_LOOK_SECONDS = seconds(10);
/** Somebody has a hold on what they did: all of it is kept until that is over. */
const HELD_SECONDS = days(1);

const REASON = "the account was deleted";

function ownRequest(): RequestFacts {
  const id = newId();
  return { requestId: id, decisionId: id, ip: null, userAgent: null };
}

/**
 * Erases the accounts whose grace is over, step by step, each of which can be done again: the last
 * mail, what names them elsewhere, the log, and in one transaction all that is theirs and the account
 * itself. Many at once do it once; what is broken off is gone on with. Returns how many were erased.
 */
export async function eraseDueAccounts(): Promise<number> {
  let count = 0;
  for (;;) {
    const claimed = await claimDueDeletion(CLAIM_SECONDS);
    if (claimed === null) return count;
    if (await goOn(claimed)) count += 1;
  }
}

async function goOn(deletion: ClaimedDeletion): Promise<boolean> {
  const { id, userId } = deletion;
  const request = ownRequest();
  if (!deletion.told) {
    await tell(id, userId);
    await postpone(id, NEXT_LOOK_SECONDS);
    return false;
  }
  if (!deletion.erased) {
    if (!(await isToldEnough(id, MAIL_WAIT_SECONDS))) {
      await postpone(id, NEXT_LOOK_SECONDS);
      return false;
    }
    if (!(await erase(id, userId, request))) {
      await postpone(id, HELD_SECONDS);
      return false;
    }
  }
  // Once more, for what came in until the account was gone: somebody may have tried to sign in.
  const { outcome } = await eraseUserFromAudit(userId, REASON, request);
  if (outcome === "held") {
    await postpone(id, HELD_SECONDS);
    return false;
  }
  return inTransaction(async (tx) => {
    if (!(await markFinished(id, tx))) return false;
    const target = { type: "user", id: userId };
    const actor = { type: "system" } as const;
    const action = "user.erasure_finished";
    await recordEvent({ action, outcome: "success", actor, target }, request, tx);
    return true;
  });
}

/** Past the way back: who keeps the account in the same moment does it, or comes too late. */
const tell = (id: string, userId: string): Promise<void> =>
  inTransaction(async (tx) => {
    const user = await lockForDeletion(userId, tx);
    if (!(await markTold(id, tx))) return;
    const target = { type: "user", id: userId };
    const actor = { type: "system" } as const;
    const action = "user.erasure_begun";
    await recordEvent({ action, outcome: "success", actor, target }, ownRequest(), tx);
    if (user !== null) await enqueueMail("account-erased", user.email, accountErasedMail(), tx);
  });

/** False where somebody has a hold on them. */
async function erase(id: string, userId: string, request: RequestFacts): Promise<boolean> {
  const keys = await findPersonalKeys(userId);
  if (keys !== null) {
    const log = await eraseUserFromAudit(userId, REASON, request);
    if (log.outcome === "held") return false;
    await eraseMentions([...keys.emails, ...keys.phones], REASON, request);
    await eraseFromReviews(userId, keys.emails, request);
    await sweepMentions(keys);
  }
  await inTransaction(async (tx) => {
    await lockForDeletion(userId, tx);
    if (!(await markErased(id, tx))) return;
    const left = await findPersonalKeys(userId, tx);
    if (left !== null) {
      await deletePersonalRows(left, tx);
      await eraseUserRow(left, tx);
    }
    const target = { type: "user", id: userId };
    const actor = { type: "system" } as const;
    await recordEvent(
      { action: "user.erased", outcome: "success", actor, target },
      ownRequest(),
      tx,
    );
  });
  return true;
}

/** Who was erased, by the ids that are left of them: to be kept beside the backups. */
export const listErasedAccounts = (): Promise<ErasedAccount[]> => listErasedRows();

/** Has accounts erased again that a restored backup has brought back; returns how many it has. */
export function repeatErasures(userIds: string[], request: RequestFacts): Promise<number> {
  return inTransaction(async (tx) => {
    let count = 0;
    for (const userId of userIds) {
      await lockForDeletion(userId, tx);
      if (!(await insertRepeatedErasure(newId(), userId, tx))) continue;
      const target = { type: "user", id: userId };
      const actor = { type: "system" } as const;
      const action = "user.erasure_repeated";
      await recordEvent({ action, outcome: "success", actor, target }, request, tx);
      count += 1;
    }
    return count;
  });
}
