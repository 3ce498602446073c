import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf, unfitting, unknownCursor } from "@/app/api/paging";
import { notFound, ProblemError } from "@/app/api/problems";
import { FailureKind } from "@/lib/outbox/failure";
import { listMessages, type Message } from "@/lib/outbox/list-messages";
import {
  discardMessage,
  type MessageRefusal,
  retryEveryFailed,
  retryMessage,
} from "@/lib/outbox/manage-messages";
import { MESSAGE_CHANNELS, MESSAGE_STATES, MessageListing } from "@/lib/outbox/outbox.schema";
import { OUTBOX_PERMISSIONS } from "@/lib/outbox/permissions";
import { emptyReply, jsonReply } from "@/lib/platform/http/reply";

const PATH = "/api/v1/outbox";
const TAG = "Outbox";

const Resource = z.object({
  id: z.uuid(),
  channel: z.enum(MESSAGE_CHANNELS),
  kind: z.string(),
  recipient: z
    .string()
    .describe("Masked for whoever may not see the users of the whole installation."),
  state: z.enum(MESSAGE_STATES),
  createdAt: z.iso.datetime(),
  attempts: z.int(),
  nextAttemptAt: z.iso.datetime().nullable(),
  expiresAt: z.iso.datetime().nullable().describe("What it holds is worth nothing after that."),
  sentAt: z.iso.datetime().nullable(),
  failure: FailureKind.nullable().describe("Why the last attempt failed."),
});

const timeOf = (date: Date | null): string | null => date?.toISOString() ?? null;

const resourceOf = (message: Message): z.infer<typeof Resource> => ({
  ...message,
  createdAt: message.createdAt.toISOString(),
  nextAttemptAt: timeOf(message.nextAttemptAt),
  expiresAt: timeOf(message.expiresAt),
  sentAt: timeOf(message.sentAt),
});

function problemOf(refusal: MessageRefusal): ProblemError {
  if (refusal.outcome === "not-found") return notFound("message");
  return new ProblemError({
    status: 409,
    code: "message_state",
    title: "The message is in no state for it",
    detail: `It is ${refusal.state}.`,
  });
}

const listEndpoint = endpoint({
  method: "GET",
  path: PATH,
  tag: TAG,
  summary: "Mails and text messages and what became of them, newest first; never what they say",
  access: OUTBOX_PERMISSIONS.view,
  services: true,
  query: MessageListing.extend(PAGE_QUERY),
  responses: {
    200: {
      description: "A page of messages",
      schema: pageOf(Resource).extend({ previousCursor: z.string().nullable() }),
    },
  },
  run: async ({ caller, query: { limit, cursor, ...listing } }) => {
    const result = await listMessages(caller, listing, { limit, cursor });
    if (result.outcome === "rejected") {
      throw result.reason === "unknown-cursor"
        ? unknownCursor()
        : unfitting("recipient", "It takes view_users on the whole installation.");
    }
    const { messages, nextCursor, previousCursor } = result;
    return jsonReply(200, { items: messages.map(resourceOf), nextCursor, previousCursor });
  },
});

const MessageParams = z.object({ id: z.string() });
const STATE_CONFLICT = { description: "It is sent, being sent, waits already, or has expired" };

const retryEndpoint = endpoint({
  method: "POST",
  path: `${PATH}/{id}/retry`,
  tag: TAG,
  summary: "Have a message that failed tried again at once",
  access: OUTBOX_PERMISSIONS.manage,
  params: MessageParams,
  responses: { 204: { description: "It is tried within a few seconds" }, 409: STATE_CONFLICT },
  run: async ({ caller, params: { id } }) => {
    const result = await retryMessage(caller, id);
    if (result.outcome !== "retried") throw problemOf(result);
    return emptyReply();
  },
});

const retryFailedEndpoint = endpoint({
  method: "POST",
  path: `${PATH}/retry`,
  tag: TAG,
  summary: "Have every message that failed tried again at once",
  access: OUTBOX_PERMISSIONS.manage,
  responses: {
    200: {
      description: "How many are tried within a few seconds",
      schema: z.object({ queued: z.int() }),
    },
  },
  run: async ({ caller }) => jsonReply(200, { queued: await retryEveryFailed(caller) }),
});

const discardEndpoint = endpoint({
  method: "DELETE",
  path: `${PATH}/{id}`,
  tag: TAG,
  summary: "Delete a message that waits, so that it is never sent",
  access: OUTBOX_PERMISSIONS.manage,
  params: MessageParams,
  responses: { 204: { description: "It is gone" }, 409: STATE_CONFLICT },
  run: async ({ caller, params: { id } }) => {
    const result = await discardMessage(caller, id);
    if (result.outcome !== "discarded") throw problemOf(result);
    return emptyReply();
  },
});

export const OUTBOX_ENDPOINTS = [listEndpoint, retryEndpoint, retryFailedEndpoint, discardEndpoint];
