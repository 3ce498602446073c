import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";

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
