import { PERMISSIONS } from "@/app/permissions";
import { syncPermissions } from "@/lib/authz/sync-permissions";
import { hashPassword } from "@/lib/credentials/password/hash-password";
import { prisma } from "@/lib/platform/db/client";

import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { createSession } from "@/lib/sessions/create-session";
import { findPrincipal } from "@/lib/sessions/current-principal";
import type { Caller, RequestFacts } from "@/lib/shared/caller";

/** A request from nowhere in particular; its id is unique, so that events can be found by it. */
export const aRequest = (overrides: Partial<RequestFacts> = {}): RequestFacts => ({
  requestId: newId(),
  decisionId: newId(),
  ip: "192.0.2.1",
  userAgent: "test",
  ...overrides,
});

/** Permissions and default roles, as the first start leaves them. Idempotent. */
export const anInstance = () => syncPermissions(PERMISSIONS);

let sequence = 0;

/** Hashed once: the tests have many users, and few of them type one. Two, so that another's is not one's own. */
const PASSWORDS = ["correct horse 1 battery", "correct horse 2 battery"] as const;
const hashes = new Map<string, Promise<string>>();

function hashOf(password: string): Promise<string> {
  const known = hashes.get(password) ?? hashPassword(password);
  hashes.set(password, known);
  return known;
}

export interface TestUser {
  id: string;
  email: string;
  password: string;
}

/** A user of the default organization, with the named roles and a password. */
export async function aUser({
  roles = ["User"],
  status = "active",
}: {
  roles?: string[];
  status?: "active" | "disabled" | "pending";
} = {}): Promise<TestUser> {
  const theInstance = { where: { id: 1 } };
  if ((await prisma().instance.findUnique(theInstance)) === null) await anInstance();
  const instance = await prisma().instance.findUniqueOrThrow(theInstance);
  sequence += 1;
  const id = newId();
  const email = `user-${sequence}-${id.slice(-6)}@example.com`;
  const password = sequence % 2 === 0 ? PASSWORDS[0] : PASSWORDS[1];
  const found = await prisma().role.findMany({
    where: { name: { in: roles } },
  });
  if (found.length !== roles.length) throw new Error(`no such role among ${roles.join(", ")}`);
  await prisma().user.create({
    data: {
      id,
      email,
      name: `User ${sequence}`,
      status,
      emailVerified: new Date(),
      memberships: {
        create: { organizationId: instance.defaultOrganizationId },
      },
      roles: { create: found.map((role) => ({ roleId: role.id })) },
      passwordCredential: { create: { hash: await hashOf(password) } },
    },
  });
  return { id, email, password };
}

/** A session's cookie value for this user, as a finished sign-in leaves it. */
export async function aSession(userId: string): Promise<string> {
  const instance = await prisma().instance.findUniqueOrThrow({
    where: { id: 1 },
  });
  const { secret } = await inTransaction((tx) =>
    createSession(
      {
        userId,
        organizationId: instance.defaultOrganizationId,
        acr: "urn:gatehouse:aal1",
        amr: ["pwd"],
      },
      undefined,
      aRequest(),
      tx,
    ),
  );
  return secret;
}

/** A signed-in caller: what use cases take first. */
export async function aCaller(options: Parameters<typeof aUser>[0] = {}): Promise<Caller> {
  return callerOf((await aUser(options)).id);
}

/** A new session of an existing user. */
export async function callerOf(userId: string): Promise<Caller> {
  return callerWith(await aSession(userId));
}

/** The caller that a cookie's value stands for now: with the present grants version. */
export async function callerWith(cookie: string): Promise<Caller> {
  const principal = await findPrincipal(cookie);
  if (principal === null) throw new Error("the session is not alive");
  return { principal, request: aRequest() };
}
