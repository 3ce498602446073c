import { z } from "zod";
import { PreviewIntent } from "@/app/_impact/intent.schema";
import { Condition } from "@/lib/authz/condition.schema";
import {
  PolicyContent,
  PolicyDescription,
  PolicyName,
  PolicyPlace,
} from "@/lib/policies/policy.schema";
import { Id } from "@/lib/shared/id.schema";

const NUMBERED = /^(permission|hide)\.\d{1,4}$/;

/**
 * What is ticked under `permission.N` and `hide.N`: the keys are values and not names, so that a
 * form that comes back has every one of them.
 */
function ticked(fields: Record<string, unknown>, name: "permission" | "hide"): unknown[] {
  return Object.entries(fields).flatMap(([field, value]) =>
    NUMBERED.exec(field)?.[1] === name && typeof value === "string" ? [value] : [],
  );
}

/** A condition as the editor sends it; empty is none. What is no JSON is told so, and never left out. */
export const ConditionText = z
  .string()
  .max(60_000)
  .default("")
  .transform((text, context): unknown => {
    if (text.trim() === "") return null;
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "This is no JSON." });
      return z.NEVER;
    }
  })
  .transform((value, context): z.output<typeof Condition> | null => {
    if (value === null) return null;
    const condition = Condition.safeParse(value);
    if (condition.success) return condition.data;
    const message =
      value === "incomplete"
        ? "A part of the condition is not complete."
        : "This is no condition: a part of it lacks something, or is of no known kind.";
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });

/** The fields of a version, however many there are of each kind. */
export const ContentFields = z
  .looseObject({ condition: ConditionText })
  .transform(({ condition, ...fields }): unknown => ({
    effect: fields["effect"],
    permissions: ticked(fields, "permission"),
    fields: fields["effect"] === "deny" ? ticked(fields, "hide") : [],
    condition,
    note: fields["note"] ?? "",
  }))
  .transform((value, context): PolicyContent => {
    const content = PolicyContent.safeParse(value);
    if (content.success) return content.data;
    for (const { path, message } of content.error.issues) {
      context.addIssue({ code: "custom", path, message });
    }
    return z.NEVER;
  });

const asContent = ContentFields.transform((content) => ({ content }));

/** What is changed, as it was read, and whether its author accepts to lose something by it. */
const ExistingPolicy = z.object({
  id: Id,
  version: z.coerce.number<string>().int().min(1).max(999_999_999),
  confirm: z
    .literal("on")
    .optional()
    .transform((value) => value === "on"),
});

const Naming = z.object({ name: PolicyName, description: PolicyDescription });

export const NewPolicyForm = z.intersection(
  Naming.extend({ place: PolicyPlace.default("organization") }),
  asContent,
);

export const SaveVersionForm = z.intersection(ExistingPolicy, asContent);

export const DescribePolicyForm = ExistingPolicy.extend(Naming.shape);

const VersionNumber = z.coerce.number<string>().int().min(1).max(100_000);

const ForcedPolicy = ExistingPolicy.extend(PreviewIntent.shape);

export const ActivateForm = ForcedPolicy.extend({ number: VersionNumber });

export const DeactivateForm = ForcedPolicy;

/** Without a number nothing is in shadow afterwards. */
export const ShadowForm = ExistingPolicy.extend({ number: VersionNumber.optional() });

export const PolicyForm = ExistingPolicy;
