import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { listEvadedDenials } from "@/lib/authz/evaded-denials";
import { recordGateRefusal, requireOwnSelf } from "@/lib/authz/refuse-at-gate";
import { type BeyondOwn, checkHeld } from "@/lib/authz/within-own";
import { endImpersonation } from "@/lib/impersonation/end-impersonation";
import { listAdministrative } from "@/lib/impersonation/judge-subject";
import { IMPERSONATION_PERMISSIONS } from "@/lib/impersonation/permissions";
import { inTransaction } from "@/lib/platform/db/transaction";
import {
  listImpersonationsBy,
  lockOwnSession,
  openImpersonatedSession,
} from "@/lib/sessions/impersonated-sessions";
import { AAL2, requireAssurance, SENSITIVE } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { minutes } from "@/lib/shared/duration";
import type { Permission } from "@/lib/shared/permission";
import { governUser } from "@/lib/users/govern-user";
import { askedUser } from "@/lib/users/user-resource";

export interface ImpersonationWish {
  userId: string;
  reason: string;
  minutes: number;
}

/** Also a check constraint of the table. */
const MINUTES_MAX = 60;

export type ImpersonationStart =
  | { outcome: "started"; sessionSecret: string; email: string; until: Date }
  | { outcome: "not-found" }
  | { outcome: "rejected"; reason: "self" | "not-active" | "session-ended" }
  /** They administer something, anywhere. */
  | { outcome: "rejected"; reason: "administrator"; decisionId: string }
  | BeyondOwn;

/**
 * Opens a session in which the caller acts as a user of their organization, with a reason that both
 * of them and the audit log keep, until a time that nothing moves (F101). It takes somebody who has
 * just proven a second factor, in a session of their own. The user holds nothing that the caller
 * lacks, in any organization, administers nothing at all, and gets by no policy around what is denied
 * the caller (ATK-42). The caller's session acts as
 * one user at a time: what it had begun before ends by this.
 */
export async function startImpersonation(
  caller: Caller,
  wish: ImpersonationWish,
  permissions: readonly Permission[],
): Promise<ImpersonationStart> {
  const { principal } = caller;
  const { impersonate } = IMPERSONATION_PERMISSIONS;
  await requireOwnSelf(caller, false);
  await authorize(caller, impersonate, await askedUser(caller, wish.userId));
  // Whoever has no second factor has to add one: an enrolled one is asked for by every sensitive act.
  requireAssurance(principal, { ...SENSITIVE, acr: AAL2 }, principal.asOf);
  if (wish.userId === principal.userId) return { outcome: "rejected", reason: "self" };
  return inTransaction(async (tx): Promise<ImpersonationStart> => {
    // One at a time: of two that start at once the second one ends what the first has begun.
    if (!(await lockOwnSession(principal.session.id, principal.userId, tx))) {
      return { outcome: "rejected", reason: "session-ended" };
    }
    const governed = await governUser(asCaller(caller), impersonate, wish.userId, tx);
    if (governed.outcome !== "governed") return governed;
    const { user, organizationId } = governed;
    if (user.status !== "active") return { outcome: "rejected", reason: "not-active" };
    const target = { type: "user", id: user.id };
    const administrative = await listAdministrative(user.id, principal, permissions, tx);
    if (administrative.length > 0) {
      const gate = { rule: "impersonation", administrative } as const;
      const decisionId = await recordGateRefusal(caller, gate, { target, tx });
      return { outcome: "rejected", reason: "administrator", decisionId };
    }
    const evaded = await listEvadedDenials(caller, { userId: user.id, email: user.email }, tx);
    const required = evaded.map((permissionKey) => ({
      permissionKey,
      condition: null,
      organizationId,
    }));
    const beyond = await checkHeld(caller, [], impersonate, required, target, tx);
    if (beyond !== null) return beyond;
    for (const id of await listImpersonationsBy(principal.session.id, tx)) {
      await endImpersonation(id, { reason: "replaced", by: caller }, tx);
    }
    const opened = await openImpersonatedSession(
      {
        userId: user.id,
        organizationId,
        impersonation: {
          userId: principal.userId,
          sessionId: principal.session.id,
          reason: wish.reason,
        },
        lifetimeSeconds: minutes(Math.min(wish.minutes, MINUTES_MAX)),
      },
      tx,
    );
    const change = {
      action: "user.impersonation_started",
      target,
      after: {
        sessionId: opened.sessionId,
        until: opened.until.toISOString(),
        reason: wish.reason,
      },
    };
    await recordChange(caller, change, tx);
    return {
      outcome: "started",
      sessionSecret: opened.secret,
      email: user.email,
      until: opened.until,
    };
  });
}
