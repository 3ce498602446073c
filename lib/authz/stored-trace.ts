import "server-only";
import { z } from "zod";
import type { BeyondTrace } from "@/lib/authz/beyond-trace";
import type { GateTrace } from "@/lib/authz/gate-trace";
import type { Trace } from "@/lib/authz/trace";

const Holdings = z.array(
  z.looseObject({
    permissionKey: z.string(),
    condition: z.unknown(),
    organizationId: z.string().nullable(),
    // As JSON it is a text, which compares with nothing.
    until: z.union([z.null(), z.iso.datetime().transform((text) => new Date(text))]).optional(),
  }),
);

const Target = z.looseObject({ type: z.string(), id: z.string() }).nullable();

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
  target: Target,
  // Of a trace from before anything was done by somebody else's right.
  byRightOf: z.string().nullable().default(null),
  required: Holdings,
  held: Holdings,
  missing: z.array(z.string()),
});

const Means = z.enum(["session", "app", "personal-token", "service"]);

const Gate = z.discriminatedUnion("rule", [
  z.strictObject({ rule: z.literal("network"), networks: z.array(z.unknown()) }),
  z.strictObject({ rule: z.literal("own-request"), requesterId: z.string() }),
  z.strictObject({
    rule: z.literal("token-kind"),
    wants: z.enum(["person", "second-factor", "user", "service"]),
    goodBy: z.array(Means),
  }),
  z.strictObject({
    rule: z.literal("scope"),
    required: z.string(),
    granted: z.array(z.string()),
  }),
  z.strictObject({ rule: z.literal("single-sign-on"), met: z.boolean() }),
  z.strictObject({ rule: z.literal("password-age"), expired: z.boolean() }),
  z.strictObject({ rule: z.literal("terms"), accepted: z.boolean() }),
  z.strictObject({ rule: z.literal("account-deletion"), pending: z.boolean() }),
  z.strictObject({
    rule: z.literal("origin"),
    method: z.string(),
    origin: z.string().nullable(),
    own: z.string(),
    byCookie: z.boolean(),
  }),
  z.strictObject({ rule: z.literal("client-record"), byAdministrator: z.boolean() }),
  z.strictObject({
    rule: z.literal("impersonated"),
    impersonatorId: z.string(),
    open: z.boolean(),
  }),
  z.strictObject({ rule: z.literal("impersonation"), administrative: z.array(z.string()) }),
  z.strictObject({ rule: z.literal("sign-up"), mode: z.string(), invited: z.boolean() }),
  z.strictObject({
    rule: z.literal("route"),
    named: z.boolean(),
    reason: z.string(),
    method: z.string(),
    address: z.string(),
  }),
]);

const ShutGate = z.strictObject({
  format: z.literal(1),
  kind: z.literal("gate"),
  gate: Gate,
  principal: z
    .strictObject({ kind: z.enum(["user", "service"]), id: z.string(), email: z.string() })
    .nullable(),
  context: z.strictObject({
    at: z.string(),
    ip: z.string().nullable(),
    means: Means.nullable(),
    acr: z.string(),
  }),
  target: Target,
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
  | { kind: "gate"; trace: GateTrace }
  /** Written by a version of the program that says more than this one can read. */
  | { kind: "unreadable" };

/** What is stored as a trace, or that this version cannot read it: it is never half read. */
export function readTrace(stored: unknown): StoredTrace {
  const beyond = Beyond.safeParse(stored);
  if (beyond.success) {
    return { kind: "beyond-own", trace: beyond.data as unknown as BeyondTrace };
  }
  const gate = ShutGate.safeParse(stored);
  if (gate.success) return { kind: "gate", trace: gate.data };
  const decision = Decision.safeParse(stored);
  if (decision.success) return { kind: "decision", trace: decision.data as unknown as Trace };
  return { kind: "unreadable" };
}
