import { prisma } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { createSession } from "@/lib/sessions/create-session";
import type { Caller } from "@/lib/shared/caller";
import { aRequest, aUser, callerWith } from "@/tests/support/builders";
import { aRole, give } from "@/tests/support/roles";

/** A session's cookie value of somebody in an organization of their own, with these roles. */
export async function aForeignSession(roles: string[]): Promise<string> {
  const { id: userId } = await aUser({ roles });
  const organizationId = newId();
  const slug = `foreign-${organizationId.slice(-12)}`;
  await prisma().organization.create({ data: { id: organizationId, slug, name: "Elsewhere" } });
  await prisma().membership.create({ data: { userId, organizationId } });
  const session = { userId, organizationId, acr: "urn:gatehouse:aal1", amr: ["pwd"] };
  const { secret } = await inTransaction((tx) => createSession(session, undefined, aRequest(), tx));
  return secret;
}

/** The same, as the caller that use cases take. */
export const aForeignCaller = async (roles: string[]): Promise<Caller> =>
  callerWith(await aForeignSession(roles));

/** Somebody who holds these permissions in an organization of their own, and nowhere else. */
export async function aForeignHolder(...permissions: string[]): Promise<Caller> {
  const caller = await aForeignCaller([]);
  const { userId, organizationId } = caller.principal;
  const role = await aRole(Object.fromEntries(permissions.map((key) => [key, "all"])));
  await give(userId, role, { organizationId });
  const grantsVersion = `${caller.principal.grantsVersion}+`;
  return { ...caller, principal: { ...caller.principal, grantsVersion } };
}
