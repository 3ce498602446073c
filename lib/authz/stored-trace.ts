import "server-only";
import { z } from "zod";
import type { BeyondTrace } from "@/lib/authz/beyond-trace";
import type { Trace } from "@/lib/authz/trace";

const Holdings = z.array(
  z.looseObject({
    permissionKey: z.string(),
    condition: z.unknown(),
    organizationId: z.string().nullable(),
  }),
);

const Beyond = z.looseObject({
  format: z.literal(1),
  kind: z.literal("beyond-own"),
  permissionKey: z.string(),
  principal: z.looseObject({
    kind: z.enum(["user", "service"]),
    id: z.string(),
    email: z.string(),
    organizationId: z.string(),
  }),
  target: z.looseObject({ type: z.string(), id: z.string() }).nullable(),
  required: Holdings,
  held: Holdings,
  missing: z.array(z.string()),
});

const Path = z.looseObject({ teams: z.array(z.string()), roles: z.array(z.string()) }).nullable();

const Decision = z.looseObject({
  format: z.literal(1),
  kind: z.undefined().optional(),
  permissionKey: z.string(),
  resourceType: z.string(),
  facts: z.looseObject({
    principal: z.looseObject({
      kind: z.enum(["user", "service"]),
      id: z.string(),
      email: z.string(),
      roleIds: z.array(z.string()),
      teamIds: z.array(z.string()),
    }),
    context: z.looseObject({
      at: z.string(),
      ip: z.string().nullable(),
      means: z.string(),
      acr: z.string(),
      authTime: z.string(),
    }),
  }),
  resource: z
    .looseObject({ id: z.string().nullable(), attributes: z.record(z.string(), z.unknown()) })
    .nullable(),
  rules: z.array(
    z.looseObject({
      effect: z.enum(["allow", "deny"]),
      source: z.looseObject({ kind: z.enum(["grant", "policy"]) }),
      condition: z.unknown(),
      fields: z.array(z.string()),
      // Of a trace from before paths were kept.
      path: Path.default(null),
      finding: z.enum(["counts", "does-not-count", "for-some"]),
      explained: z.unknown(),
    }),
  ),
  verdict: z.looseObject({ allowed: z.boolean(), decidedBy: z.number().nullable() }),
  names: z.record(z.string(), z.string()).default({}),
});

export type StoredTrace =
  | { kind: "decision"; trace: Trace }
  | { kind: "beyond-own"; trace: BeyondTrace }
  /** Written by a version of the program that says more than this one can read. */
  | { kind: "unreadable" };

/** What is stored as a trace, or that this version cannot read it: it is never half read. */
export function readTrace(stored: unknown): StoredTrace {
  const beyond = Beyond.safeParse(stored);
  if (beyond.success) {
    return { kind: "beyond-own", trace: beyond.data as unknown as BeyondTrace };
  }
  const decision = Decision.safeParse(stored);
  if (decision.success) return { kind: "decision", trace: decision.data as unknown as Trace };
  return { kind: "unreadable" };
}
