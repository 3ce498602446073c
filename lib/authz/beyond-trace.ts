import "server-only";
import { type Holding, missingFrom, permissionKeysOf } from "@/lib/authz/holdings";
import type { Permission } from "@/lib/shared/permission";
import type { Principal } from "@/lib/shared/principal";

/**
 * Why a change was refused that reached beyond what its author holds: what it takes, and what they
 * held of it. It is another question than whether they may do such a thing at all.
 */
export interface BeyondTrace {
  format: 1;
  kind: "beyond-own";
  permissionKey: string;
  principal: { kind: "user" | "service"; id: string; email: string; organizationId: string };
  target: { type: string; id: string } | null;
  /** The user whose right is asked for in place of the principal's own; null where it is theirs. */
  byRightOf: string | null;
  /** What has to be held to make the change, beside the permission that it is made by. */
  required: Holding[];
  held: Holding[];
  missing: string[];
}

export function beyondTraceOf(
  principal: Principal,
  permission: Permission,
  target: BeyondTrace["target"],
  required: Holding[],
  held: Holding[],
  byRightOf: string | null = null,
): BeyondTrace {
  const asked = new Set(required.map(({ permissionKey }) => permissionKey));
  const trace = {
    format: 1,
    kind: "beyond-own",
    permissionKey: permission.key,
    principal: {
      kind: principal.means === "service" ? "service" : "user",
      id: principal.userId,
      email: principal.email,
      organizationId: principal.organizationId,
    },
    target,
    byRightOf,
    required,
    held: held.filter(({ permissionKey }) => asked.has(permissionKey)),
  } satisfies Omit<BeyondTrace, "missing">;
  return { ...trace, missing: replayBeyond(trace) };
}

/** Makes the refusal again from what is in the trace alone: the keys that are missing; none is a yes. */
export const replayBeyond = ({
  required,
  held,
}: Pick<BeyondTrace, "required" | "held">): string[] =>
  permissionKeysOf(missingFrom(held, required));
