import { z } from "zod";
import { WEEKDAYS } from "@/lib/shared/weekday";

/** Deep or long conditions are nobody's, and cost everybody's checks. */
const DEPTH_MAX = 6;
const LEAVES_MAX = 50;

const Ids = z.array(z.uuid()).min(1).max(50);
const Text = z.string().max(200);
const Time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Use a time like 09:00.");

function isTimeZone(text: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: text }));
  } catch {
    return false;
  }
}

/** The leaves that name nobody and nothing by an id. */
export const PLAIN_LEAVES = [
  /** The record's owner is who asks; the resource type says which field names the owner. */
  z.strictObject({ kind: z.literal("own") }),
  /** A field of the record, from the catalogue of its resource type. */
  z
    .strictObject({
      kind: z.literal("field"),
      field: z.string().max(60),
      operator: z.enum(["equals", "not-equals", "at-most", "at-least", "one-of"]),
      value: z.union([Text, z.number().int().safe(), z.array(Text).min(1).max(50)]),
    })
    .refine(
      ({ operator, value }) => (operator === "one-of") === Array.isArray(value),
      "Name a list for one-of, and one value for all others.",
    ),
  /** The part after the @ of the address of who asks. */
  z.strictObject({
    kind: z.literal("email-domain"),
    domains: z.array(Text.min(1).toLowerCase()).min(1).max(50),
  }),
  /** By what the request shows who asks. */
  z.strictObject({
    kind: z.literal("means"),
    oneOf: z.array(z.enum(["session", "app", "personal-token", "service"])).min(1),
  }),
  /** Days and hours as a clock on that wall shows them. `until` before `from` is the next day. */
  z.strictObject({
    kind: z.literal("hours"),
    timeZone: Text.refine(isTimeZone, "Use a time zone like Europe/Berlin."),
    days: z.array(z.enum(WEEKDAYS)).min(1),
    from: Time,
    until: Time,
  }),
  /** The address that the request comes from, in CIDR form. */
  z.strictObject({
    kind: z.literal("network"),
    ranges: z
      .array(z.union([z.cidrv4(), z.cidrv6()]))
      .min(1)
      .max(50),
  }),
  /** How strongly, and how lately, who asks has proven who they are. */
  z
    .strictObject({
      kind: z.literal("assurance"),
      acr: z.enum(["urn:gatehouse:aal1", "urn:gatehouse:aal2", "urn:gatehouse:aal3"]).optional(),
      maxAgeSeconds: z.number().int().positive().max(31_536_000).optional(),
    })
    .refine(
      ({ acr, maxAgeSeconds }) => acr !== undefined || maxAgeSeconds !== undefined,
      "Ask for a class, an age or both.",
    ),
] as const;

const Leaf = z.discriminatedUnion("kind", [
  ...PLAIN_LEAVES,
  /** Who asks is one of these users, or service accounts by their client's id. */
  z.strictObject({ kind: z.literal("user"), ids: z.array(Text.min(1)).min(1).max(50) }),
  /** Who asks has one of these roles, by whatever path. */
  z.strictObject({ kind: z.literal("role"), ids: Ids }),
  /** Who asks is in one of these teams, or in one within it. */
  z.strictObject({ kind: z.literal("team"), ids: Ids }),
]);

export type Leaf = z.output<typeof Leaf>;

/** Leaves, joined by `all`, `any` and `not`. */
export type Joined<L> =
  | L
  | { kind: "all"; conditions: Joined<L>[] }
  | { kind: "any"; conditions: Joined<L>[] }
  | { kind: "not"; condition: Joined<L> };

/**
 * What a grant or a policy asks beyond the permission: facts about who asks, the record and
 * the request.
 */
export type Condition = Joined<Leaf>;

/** What is joined of such leaves, however deep and however many. */
export function joined<L>(leaf: z.ZodType<L>): z.ZodType<Joined<L>> {
  const nested: z.ZodType<Joined<L>> = z.lazy(() =>
    z.union([
      leaf,
      z.strictObject({ kind: z.enum(["all", "any"]), conditions: z.array(nested).min(1).max(50) }),
      z.strictObject({ kind: z.literal("not"), condition: nested }),
    ]),
  ) as z.ZodType<Joined<L>>;
  return nested;
}

const Nested = joined(Leaf);

/** The parts of a condition that join others, and none of a leaf. */
export const partsOf = (condition: Condition): Condition[] => {
  if (condition.kind === "all" || condition.kind === "any") return condition.conditions;
  return condition.kind === "not" ? [condition.condition] : [];
};

export const leavesOf = (condition: Condition): Leaf[] => {
  const parts = partsOf(condition);
  return parts.length === 0 ? [condition as Leaf] : parts.flatMap(leavesOf);
};

const partsIn = (value: unknown): unknown[] => {
  if (typeof value !== "object" || value === null) return [];
  const { conditions, condition } = value as { conditions?: unknown; condition?: unknown };
  if (Array.isArray(conditions)) return conditions;
  return condition === undefined ? [] : [condition];
};

const depthOf = (value: unknown, depth = 0): number =>
  depth > DEPTH_MAX
    ? depth
    : Math.max(depth, ...partsIn(value).map((part) => depthOf(part, depth + 1)));

const countLeaves = (value: unknown): number => {
  const parts = partsIn(value);
  return parts.length === 0 ? 1 : parts.reduce<number>((sum, part) => sum + countLeaves(part), 0);
};

/** Depth is measured first, so that no text makes the parser itself go deep. */
export const bounded = <T>(nested: z.ZodType<T>) =>
  z
    .unknown()
    .refine((value) => depthOf(value) <= DEPTH_MAX, `Use at most ${DEPTH_MAX} levels.`)
    .pipe(nested)
    .refine(
      (condition) => countLeaves(condition) <= LEAVES_MAX,
      `Use at most ${LEAVES_MAX} conditions.`,
    );

export const Condition = bounded(Nested);

const parsed = new WeakMap<object, Condition | null>();

/** The condition, or null for one that this version cannot read (FLT-26). */
export function readCondition(stored: unknown): Condition | null {
  if (typeof stored !== "object" || stored === null) return null;
  const known = parsed.get(stored);
  if (known !== undefined) return known;
  const result = Condition.safeParse(stored);
  const condition = result.success ? result.data : null;
  parsed.set(stored, condition);
  return condition;
}
