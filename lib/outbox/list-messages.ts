import "server-only";
import { z } from "zod";
import { authorize } from "@/lib/authz/authorize";
import { holdsOnInstance } from "@/lib/authz/holds-on-instance";
import { type Failure, failureOf } from "@/lib/outbox/failure";
import {
  countUnsent,
  listKinds,
  listMessageRows,
  type MessageRow,
} from "@/lib/outbox/message-store";
import type { MessageListing } from "@/lib/outbox/outbox.schema";
import { OUTBOX_PERMISSIONS } from "@/lib/outbox/permissions";
import { getConfig } from "@/lib/platform/config";
import { smsSender } from "@/lib/platform/sms/sms-senders";
import type { Caller } from "@/lib/shared/caller";
import { decodeCursor, encodeCursor } from "@/lib/shared/cursor";
import { keysetPage, type PageRequest, type Walk } from "@/lib/shared/keyset-page";
import { maskAddress, maskNumber } from "@/lib/shared/mask-address";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

/** A message as an operator may know it: whatever it says stays between us and its recipient. */
export interface Message extends Omit<MessageRow, "nextAttemptAt" | "lastError"> {
  /** Null for what is not tried again. */
  nextAttemptAt: Date | null;
  /** Why the last attempt failed; null where none has since it was due. */
  failure: Failure | null;
}

export type MessageListingResult =
  | {
      outcome: "listed";
      messages: Message[];
      /** Whether recipients are written out. */
      recipientsShown: boolean;
      nextCursor: string | null;
      previousCursor: string | null;
    }
  | { outcome: "rejected"; reason: "unknown-cursor" }
  /** Whoever may not see addresses may not try out whether one is there. */
  | { outcome: "rejected"; reason: "recipients-hidden" };

const Place = z.strictObject({ walk: z.enum(["next", "previous"]), id: z.uuid() });

/**
 * One page of the outbox, newest first. Addresses and numbers are masked for whoever may not see
 * the users of the whole installation.
 */
export async function listMessages(
  caller: Caller,
  listing: MessageListing,
  { cursor, limit }: PageRequest,
): Promise<MessageListingResult> {
  await authorize(caller, OUTBOX_PERMISSIONS.view);
  const place = cursor === undefined ? null : decodeCursor(cursor, Place);
  if (cursor !== undefined && place === null) {
    return { outcome: "rejected", reason: "unknown-cursor" };
  }
  const recipientsShown = await holdsOnInstance(caller.principal, USER_PERMISSIONS.view);
  if (listing.recipient !== undefined && !recipientsShown) {
    return { outcome: "rejected", reason: "recipients-hidden" };
  }
  const rows = await listMessageRows(listing, place, limit + 1);
  const { items, next, previous } = keysetPage(rows, limit, place?.walk ?? null);
  const cursorAt = (row: MessageRow | null, walk: Walk) =>
    row && encodeCursor({ walk, id: row.id });
  return {
    outcome: "listed",
    messages: items.map((row) => messageOf(row, recipientsShown)),
    recipientsShown,
    nextCursor: cursorAt(next, "next"),
    previousCursor: cursorAt(previous, "previous"),
  };
}

export const masked = ({
  channel,
  recipient,
}: Pick<MessageRow, "channel" | "recipient">): string =>
  channel === "mail" ? maskAddress(recipient) : maskNumber(recipient);

function messageOf({ lastError, ...row }: MessageRow, recipientsShown: boolean): Message {
  const waits = row.state === "queued" || row.state === "failed";
  return {
    ...row,
    recipient: recipientsShown ? row.recipient : masked(row),
    nextAttemptAt: waits ? row.nextAttemptAt : null,
    failure: lastError === null || row.state === "sent" ? null : failureOf(lastError),
  };
}

export interface OutboxOverview {
  unsent: Awaited<ReturnType<typeof countUnsent>>;
  kinds: string[];
  /** Whether there is anything that sends them. */
  sends: { mail: boolean; sms: boolean };
}

/** How many messages are not sent, of which kinds there are any, and whether anything sends them. */
export async function describeOutbox(caller: Caller): Promise<OutboxOverview> {
  await authorize(caller, OUTBOX_PERMISSIONS.view);
  const [unsent, kinds] = await Promise.all([countUnsent(), listKinds()]);
  const sends = { mail: getConfig().mail.smtpUrl !== null, sms: smsSender() !== null };
  return { unsent, kinds, sends };
}
