import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";

export const defaultOrganizationId = async (): Promise<string> =>
  (await prisma().instance.findUniqueOrThrow({ where: { id: 1 } })).defaultOrganizationId;

/** A team, written past every rule; in the default organization where nothing else is said. */
export async function aTeam({
  organizationId,
  parentId = null,
  roles = [],
  members = [],
}: {
  organizationId?: string;
  parentId?: string | null;
  roles?: string[];
  members?: string[];
} = {}): Promise<string> {
  const id = newId();
  const place = organizationId ?? (await defaultOrganizationId());
  await prisma().team.create({
    data: { id, organizationId: place, parentId, name: `Team ${id.slice(-12)}` },
  });
  for (const roleId of roles) await prisma().teamRole.create({ data: { teamId: id, roleId } });
  for (const userId of members) await putIntoTeam(id, userId, place);
  return id;
}

export async function putIntoTeam(
  teamId: string,
  userId: string,
  organizationId?: string,
): Promise<void> {
  const place = organizationId ?? (await defaultOrganizationId());
  await prisma().teamMembership.create({ data: { teamId, userId, organizationId: place } });
}

/** An organization besides the default one. */
export async function anOrganization(): Promise<string> {
  const id = newId();
  const slug = `elsewhere-${id.slice(-12)}`;
  await prisma().organization.create({ data: { id, slug, name: "Elsewhere" } });
  return id;
}
