import "server-only";
import type { Db } from "@/lib/platform/db/client";
import type { RequestFacts } from "@/lib/shared/caller";
import type { FactorKind, Proof } from "@/lib/shared/factor";
import type { Principal } from "@/lib/shared/principal";

/** For whom and within what a factor is asked. What it sends or asks is bound to the flow. */
export interface FactorSubject {
  flowId: string;
  /** Null for an address that nobody has: the work must cost the same (ATK-38). */
  userId: string | null;
  /** Null until somebody names themselves, as a passkey does. */
  email: string | null;
  /** The known device of this user that the answer comes from, if any. */
  deviceId?: string | null;
  /** A first factor is asked of strangers, a second of who has passed the first. */
  place: "first" | "second";
}

/** What the browser gave: the fields of a form, nothing of them checked. */
export type FactorAnswer = Readonly<Record<string, unknown>>;

export type FactorRefusal =
  /** Not the right answer. */
  | "wrong"
  /** Too late, answered already, or guessed at too often: ask for a new one. */
  | "spent";

export type FactorVerdict =
  /** `epoch` where the answer itself named its user: that of their sign-ins, read with what was verified. */
  | { outcome: "passed"; userId: string; proof: Proof; epoch?: number }
  | { outcome: "rejected"; reason: FactorRefusal };

export type FactorPrompt =
  /** `options` is for the browser's script; nothing in it is secret from the asking browser. */
  | { outcome: "asked"; options?: Record<string, unknown> }
  | { outcome: "limited"; retryAfterSeconds: number }
  /** What it would send reaches nobody now. */
  | { outcome: "unavailable" };

/** Whose factor, and the session in which it is being added: what waits there counts in no other. */
export interface FactorOwner {
  userId: string;
  sessionId: string;
}

export const ownerIn = ({ userId, session }: Principal): FactorOwner => ({
  userId,
  sessionId: session.id,
});

/** Which factors go when an account is taken back. */
export interface Forgetting {
  /** What the user got since then. */
  since: Date;
  /** But not what was added or proven on a device that had signed them in before this. */
  knownBefore?: Date;
}

/**
 * One way to prove who one is. Every kind keeps its own secrets in its own
 * folder; the flow knows only this, and one contract test holds all of them to
 * it. Attempts are limited by the flow, which spends before it asks.
 */
export interface Factor {
  kind: FactorKind;
  /** Whether the user `u` can prove themselves with it now, as SQL: one statement asks for all factors. */
  enrolled: string;
  /**
   * Takes it from the user for good, whatever state it is in, or only what they
   * got of late; left out where it cannot be lost.
   */
  forget?(userId: string, tx: Db, which?: Forgetting): Promise<boolean>;
  /** Sends a code or makes a challenge, for nobody at the same cost as for somebody. */
  prompt?(
    subject: FactorSubject,
    request: RequestFacts,
    via?: "code" | "link",
  ): Promise<FactorPrompt>;
  /**
   * Judges one answer. Whatever works once is consumed by one conditional
   * statement before this says `passed` (DEC-1).
   */
  verify(
    subject: FactorSubject,
    answer: FactorAnswer,
    request: RequestFacts,
  ): Promise<FactorVerdict>;
}

/** The text of a field, or an empty one: a missing answer is a wrong one. */
export function textOf(answer: FactorAnswer, field: string): string {
  const value = Object.hasOwn(answer, field) ? answer[field] : undefined;
  return typeof value === "string" ? value : "";
}
