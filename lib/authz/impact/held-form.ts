import "server-only";
import { readCondition } from "@/lib/authz/condition.schema";
import type { PlacedPerson } from "@/lib/authz/impact/person";
import { settle } from "@/lib/authz/impact/settle-condition";
import type { Structure } from "@/lib/authz/impact/structure";

/** How one person holds one permission: nothing is left in it that changes nothing. */
export interface HeldForm {
  /** Conditions as text, `true` for none: with any of them it is allowed. */
  allow: ReadonlySet<string>;
  /** With any of these it is denied all the same. */
  deny: ReadonlySet<string>;
  /** What hides fields, and which. */
  masks: ReadonlySet<string>;
}

export type HeldReach = "none" | "all" | "own" | "some";

/** `wider` and `narrower` are said where that is sure; else it is held `otherwise`. */
export type HeldDifference = "gained" | "lost" | "wider" | "narrower" | "otherwise";

const ALWAYS = "true";
const OWN = JSON.stringify({ kind: "own" });

interface Rules {
  allow: Set<string>;
  deny: Set<string>;
  masks: Set<string>;
}

/** Every permission that the person holds, by its key; in the order of decisions, denials win. */
export function formsOf(person: PlacedPerson, structure: Structure): Map<string, HeldForm> {
  const rules = new Map<string, Rules>();
  const add = (
    key: string,
    {
      effect,
      fields,
      condition,
    }: { effect: "allow" | "deny"; fields: string[]; condition: unknown },
  ) => {
    const type = structure.types.get(key);
    if (type === undefined) return;
    const settled =
      condition === null ? true : settle(readCondition(condition), effect, person, type);
    if (settled === false) return;
    const text = JSON.stringify(settled);
    const present = rules.get(key) ?? { allow: new Set(), deny: new Set(), masks: new Set() };
    rules.set(key, present);
    if (fields.length === 0) present[effect].add(text);
    else present.masks.add(JSON.stringify([[...fields].sort(), text]));
  };
  for (const id of person.roleIds) {
    for (const { permissionKey, condition } of structure.roles.get(id)?.grants ?? []) {
      add(permissionKey, { effect: "allow", fields: [], condition });
    }
  }
  for (const policy of structure.policies) {
    const { organizationId, permissions } = policy;
    if (organizationId !== null && organizationId !== person.organizationId) continue;
    for (const key of permissions) add(key, policy);
  }
  const forms = [...rules].flatMap(([key, found]): [string, HeldForm][] => {
    const form = reduced(found);
    return form === null ? [] : [[key, form]];
  });
  return new Map(forms);
}

/** Without what changes nothing; null for nothing that is allowed. */
function reduced({ allow, deny, masks }: Rules): HeldForm | null {
  if (deny.has(ALWAYS)) return null;
  const left = allow.has(ALWAYS)
    ? new Set([ALWAYS])
    : new Set([...allow].filter((text) => !deny.has(text)));
  return left.size === 0 ? null : { allow: left, deny, masks };
}

export function reachOfForm(form: HeldForm | undefined): HeldReach {
  if (form === undefined) return "none";
  if (form.deny.size > 0 || form.allow.size > 1) return "some";
  if (form.allow.has(ALWAYS)) return "all";
  return form.allow.has(OWN) ? "own" : "some";
}

const isWithin = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  [...a].every((text) => b.has(text));

const isSame = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && isWithin(a, b);

const contains = (a: HeldForm, b: HeldForm): boolean =>
  (a.allow.has(ALWAYS) || isWithin(b.allow, a.allow)) &&
  isWithin(a.deny, b.deny) &&
  isWithin(a.masks, b.masks);

/** Null where nothing differs. */
export function compareForms(
  before: HeldForm | undefined,
  after: HeldForm | undefined,
): HeldDifference | null {
  if (before === undefined) return after === undefined ? null : "gained";
  if (after === undefined) return "lost";
  const same =
    isSame(before.allow, after.allow) &&
    isSame(before.deny, after.deny) &&
    isSame(before.masks, after.masks);
  if (same) return null;
  if (contains(after, before)) return "wider";
  return contains(before, after) ? "narrower" : "otherwise";
}
