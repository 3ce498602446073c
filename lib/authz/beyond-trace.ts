import "server-only";
import { type Holding, missingFrom, permissionKeysOf } from "@/lib/authz/holdings";
import type { Permission } from "@/lib/shared/permission";
import type { Principal } from "@/lib/shared/principal";

/** Why a change was refused that reached beyond what its author holds: what it takes, and what they held of it. */
export interface BeyondTrace {
  format: 1;
  kind: "beyond-own";
  permissionKey: string;
  principal: { kind: "user" | "service"; id: string; email: string; organizationId: string };
  target: { type: string; id: string } | null;
  /** The permission that the change itself needs, held in any reach. */
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
): BeyondTrace {
  const asked = new Set([permission.key, ...required.map(({ permissionKey }) => permissionKey)]);
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
    required,
    held: held.filter(({ permissionKey }) => asked.has(permissionKey)),
  } satisfies Omit<BeyondTrace, "missing">;
  return { ...trace, missing: replayBeyond(trace) };
}

/** Makes the refusal again from what is in the trace alone: the keys that are missing; none is a yes. */
export function replayBeyond({
  permissionKey,
  required,
  held,
}: Pick<BeyondTrace, "permissionKey" | "required" | "held">): string[] {
  const holdsPermission = held.some((holding) => holding.permissionKey === permissionKey);
  return holdsPermission ? permissionKeysOf(missingFrom(held, required)) : [permissionKey];
}
