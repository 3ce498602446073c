import "server-only";
import { type AuditEventInput, recordEvent } from "@/lib/audit/record-event";
import {
  deleteInitialToken,
  insertInitialToken,
  listInitialTokenRows,
} from "@/lib/oidc/initial-token-store";
import { API_READ, API_SCOPES } from "@/lib/oidc/scopes";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import type { RequestFacts } from "@/lib/shared/caller";
import { days, minutes } from "@/lib/shared/duration";

const LIFETIME_SECONDS_MIN = minutes(1);
const LIFETIME_SECONDS_MAX = days(90);
const USES_MAX = 1_000;

export interface InitialTokenWish {
  /** What it is for. */
  name: string;
  /** How many clients it makes; 1 unless said otherwise. */
  usesMax?: number;
  /** 7 days unless said otherwise. */
  lifetimeSeconds?: number;
  /** What of the API its clients may ask their users for; reading unless said otherwise. */
  scopes?: string[];
}

export type CreateInitialTokenResult =
  /** `token` exists nowhere else. */
  | { outcome: "created"; id: string; token: string }
  | { outcome: "rejected"; reason: "name" | "uses" | "lifetime" | "scopes" };

/**
 * Makes a token by which programs register themselves as clients: so many, until then,
 * and with no more than these scopes (RFC 7591 §3, F60).
 */
export async function createInitialToken(
  { name, usesMax = 1, lifetimeSeconds = days(7), scopes = [API_READ] }: InitialTokenWish,
  actor: AuditEventInput["actor"],
  request: RequestFacts,
): Promise<CreateInitialTokenResult> {
  const rejected = (reason: "name" | "uses" | "lifetime" | "scopes") =>
    ({ outcome: "rejected", reason }) as const;
  if (name.trim() === "" || name.length > 100) return rejected("name");
  if (!Number.isInteger(usesMax) || usesMax < 1 || usesMax > USES_MAX) return rejected("uses");
  // Not a number is within nothing.
  if (!(lifetimeSeconds >= LIFETIME_SECONDS_MIN && lifetimeSeconds <= LIFETIME_SECONDS_MAX)) {
    return rejected("lifetime");
  }
  if (!scopes.every((scope) => (API_SCOPES as readonly string[]).includes(scope))) {
    return rejected("scopes");
  }
  const id = newId();
  const token = newSecret();
  await inTransaction(async (tx) => {
    const row = { id, name, tokenHash: hashSecret(token), scopes, usesMax };
    await insertInitialToken(row, lifetimeSeconds, tx);
    await recordEvent(
      {
        action: "registration_token.created",
        outcome: "success",
        actor,
        target: { type: "registration_token", id },
        after: { name, usesMax, lifetimeSeconds, scopes },
      },
      request,
      tx,
    );
  });
  return { outcome: "created", id, token };
}

/** Every such token with what is left of it, newest first; nothing by which it could be used. */
export const listInitialTokens = () => listInitialTokenRows();

/** Takes one back; clients that it has made stay. False when there is none such. */
export async function revokeInitialToken(
  id: string,
  actor: AuditEventInput["actor"],
  request: RequestFacts,
): Promise<boolean> {
  return inTransaction(async (tx) => {
    if (!(await deleteInitialToken(id, tx))) return false;
    await recordEvent(
      {
        action: "registration_token.revoked",
        outcome: "success",
        actor,
        target: { type: "registration_token", id },
      },
      request,
      tx,
    );
    return true;
  });
}
