import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";

/** An organization with nobody in it. */
export async function anOrganization(name = "Elsewhere"): Promise<string> {
  const id = newId();
  await prisma().organization.create({ data: { id, slug: `org-${id.slice(-12)}`, name } });
  return id;
}

export const defaultOrganizationId = async (): Promise<string> =>
  (await prisma().instance.findUniqueOrThrow({ where: { id: 1 } })).defaultOrganizationId;
