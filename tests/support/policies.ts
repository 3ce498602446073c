import { Prisma } from "@/generated/prisma/client";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { PolicyContent } from "@/lib/policies/policy.schema";

export const aContent = (content: Partial<PolicyContent> = {}): PolicyContent => ({
  effect: "deny",
  permissions: ["view_invoice"],
  fields: [],
  condition: null,
  note: "",
  ...content,
});

/** A policy with one version, written past every rule; in force or in shadow as said. */
export async function aPolicy(
  content: Partial<PolicyContent> = {},
  {
    organizationId = null,
    stage = null,
  }: { organizationId?: string | null; stage?: "active" | "shadow" | null } = {},
): Promise<string> {
  const id = newId();
  const { condition, ...rest } = aContent(content);
  await prisma().policy.create({ data: { id, organizationId, name: `Policy ${id}` } });
  await prisma().policyVersion.create({
    data: { policyId: id, number: 1, ...rest, condition: condition ?? Prisma.DbNull },
  });
  if (stage === "active")
    await prisma().policy.update({ where: { id }, data: { activeNumber: 1 } });
  if (stage === "shadow")
    await prisma().policy.update({ where: { id }, data: { shadowNumber: 1 } });
  return id;
}
