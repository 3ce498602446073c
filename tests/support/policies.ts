import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { PolicyContent } from "@/lib/policies/policy.schema";

/** A policy with one version, written past every rule. */
export async function aPolicy(
  permissions: string[],
  {
    effect = "deny",
    condition,
    fields = [],
    stage = "active",
    organizationId = null,
  }: {
    effect?: "allow" | "deny";
    condition?: object;
    fields?: string[];
    stage?: "active" | "shadow" | "draft";
    organizationId?: string | null;
  } = {},
): Promise<string> {
  const id = newId();
  await prisma().policy.create({
    data: {
      id,
      organizationId,
      name: `Policy ${id}`,
      versions: {
        create: {
          number: 1,
          effect,
          permissions,
          fields,
          ...(condition === undefined ? {} : { condition }),
        },
      },
    },
  });
  const at = { active: { activeNumber: 1 }, shadow: { shadowNumber: 1 }, draft: {} }[stage];
  await prisma().policy.update({ where: { id }, data: at });
  return id;
}

/** What a version says: of itself, that it denies invoices to everybody. */
export const aContent = (content: Partial<PolicyContent> = {}): PolicyContent => ({
  effect: "deny",
  permissions: ["view_invoice"],
  fields: [],
  condition: null,
  note: "",
  ...content,
});

/** The same as a policy with one version, a draft where nothing else is said. */
export const aPolicyOf = (
  content: Partial<PolicyContent> = {},
  place: { organizationId?: string | null; stage?: "active" | "shadow" } = {},
): Promise<string> => {
  const { permissions, effect, fields, condition } = aContent(content);
  const options = { effect, fields, stage: "draft" as const, ...place };
  return aPolicy(permissions, condition === null ? options : { ...options, condition });
};
