import { prisma } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { createSession } from "@/lib/sessions/create-session";
import type { Caller } from "@/lib/shared/caller";
import { aRequest, aUser, callerWith, type TestUser } from "@/tests/support/builders";
import { aRole, type Grants, give } from "@/tests/support/roles";

/** An organization that nobody belongs to. */
export async function anOrganization(name = "Northwind"): Promise<{ id: string; slug: string }> {
  const id = newId();
  const slug = `org-${id.slice(-12)}`;
  await prisma().organization.create({ data: { id, slug, name } });
  return { id, slug };
}

export const join = async (userId: string, organizationId: string): Promise<void> => {
  await prisma().membership.create({ data: { userId, organizationId } });
};

/** A session's cookie value in this organization. */
export async function aSessionIn(userId: string, organizationId: string): Promise<string> {
  const session = { userId, organizationId, acr: "urn:gatehouse:aal1", amr: ["pwd"] };
  const { secret } = await inTransaction((tx) => createSession(session, undefined, aRequest(), tx));
  return secret;
}

/** A member of this organization and of the default one, who holds exactly this in it alone. */
export async function aMemberHolding(organizationId: string, grants: Grants): Promise<TestUser> {
  const user = await aUser({ roles: [] });
  if (organizationId !== (await defaultOrganizationId())) await join(user.id, organizationId);
  await give(user.id, await aRole(grants), { organizationId });
  return user;
}

/** The same, signed in there. */
export async function aCallerIn(organizationId: string, grants: Grants): Promise<Caller> {
  const { id } = await aMemberHolding(organizationId, grants);
  return callerWith(await aSessionIn(id, organizationId));
}

export const defaultOrganizationId = async (): Promise<string> =>
  (await prisma().instance.findUniqueOrThrow({ where: { id: 1 } })).defaultOrganizationId;
