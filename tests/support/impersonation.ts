import { PERMISSIONS } from "@/app/permissions";
import { findPresentPrincipal } from "@/lib/impersonation/find-present-principal";
import { startImpersonation } from "@/lib/impersonation/start-impersonation";
import { prisma } from "@/lib/platform/db/client";
import { AAL2 } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import type { Principal } from "@/lib/shared/principal";
import { aRequest, aSession, aUser, callerWith, type TestUser } from "@/tests/support/builders";

/** Somebody with these roles who has just proven a second factor. */
export async function aProvenCaller(
  user: TestUser | Promise<TestUser> = aUser({ roles: ["Admin"] }),
): Promise<Caller & { cookie: string }> {
  const { id: userId } = await user;
  const cookie = await aSession(userId);
  await prisma().session.updateMany({ where: { userId }, data: { acr: AAL2 } });
  return { ...(await callerWith(cookie)), cookie };
}

export const impersonate = (caller: Caller, userId: string, minutes = 15) =>
  startImpersonation(
    { ...caller, request: aRequest() },
    { userId, reason: "A question about their invoice", minutes },
    PERMISSIONS,
  );

/** The cookie's value of a session in which the caller acts as the user. */
export async function actingAs(caller: Caller, userId: string): Promise<string> {
  const result = await impersonate(caller, userId);
  if (result.outcome !== "started") throw new Error(JSON.stringify(result));
  return result.sessionSecret;
}

/** What a request with this cookie finds. */
export const presentPrincipal = (cookie: string): Promise<Principal | null> =>
  findPresentPrincipal(cookie, aRequest(), PERMISSIONS);
