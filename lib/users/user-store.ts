import "server-only";
import type { Prisma, UserStatus } from "@/generated/prisma/client";
import { type Db, prisma } from "@/lib/platform/db/client";

/** What the sign-in flow may know of a user: no credential, nothing to display. */
export function findUserByEmail(email: string, db: Db = prisma()) {
  return db.user.findUnique({
    where: { email },
    select: { id: true, email: true, name: true, status: true },
  });
}

export function findUserById(id: string, db: Db = prisma()) {
  return db.user.findUnique({
    where: { id },
    select: {
      id: true,
      email: true,
      name: true,
      status: true,
      emailVerified: true,
      createdAt: true,
      lastSignInAt: true,
    },
  });
}

export interface NewUser {
  id: string;
  email: string;
  name: string | null;
  status: UserStatus;
  emailVerified: Date | null;
}

/** Inserts unless the address is taken; false when it is. One statement, so a race has one winner. */
export async function insertUser(user: NewUser, db: Db): Promise<boolean> {
  const { count } = await db.user.createMany({
    data: [user],
    skipDuplicates: true,
  });
  return count === 1;
}

/** Changes the status only from one of `from`; false when it had another. */
export async function changeStatus(
  id: string,
  from: UserStatus[],
  to: UserStatus,
  db: Db,
): Promise<boolean> {
  const { count } = await db.user.updateMany({
    where: { id, status: { in: from } },
    data: { status: to },
  });
  return count === 1;
}

/** Also notes that mail reached the address. One statement: false when the user is disabled. */
export async function activateUnlessDisabled(id: string, db: Db): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE users SET status = 'active', email_verified = COALESCE(email_verified, now()),
                     updated_at = now()
     WHERE id = ${id}::uuid AND status <> 'disabled'`;
  return count === 1;
}

export async function updateUser(id: string, data: Prisma.UserUpdateInput, db: Db): Promise<void> {
  await db.user.update({ where: { id }, data });
}

export async function insertMembership(
  userId: string,
  organizationId: string,
  db: Db,
): Promise<void> {
  await db.membership.createMany({
    data: [{ userId, organizationId }],
    skipDuplicates: true,
  });
}

/** The organization a new session starts in: the one joined first. Null for a user of none. */
export async function findFirstMembership(
  userId: string,
  db: Db = prisma(),
): Promise<string | null> {
  const membership = await db.membership.findFirst({
    where: { userId },
    orderBy: [{ createdAt: "asc" }, { organizationId: "asc" }],
    select: { organizationId: true },
  });
  return membership?.organizationId ?? null;
}

/** Gives the roles that every new account of its own accord gets. */
export async function grantDefaultRoles(userId: string, db: Db): Promise<void> {
  const roles = await db.role.findMany({
    where: { isDefault: true },
    select: { id: true },
  });
  await db.userRole.createMany({
    data: roles.map((role) => ({ userId, roleId: role.id })),
    skipDuplicates: true,
  });
}

export async function grantRoles(
  userId: string,
  roleIds: string[],
  grantedById: string | null,
  organizationId: string | null,
  db: Db,
): Promise<void> {
  await db.userRole.createMany({
    data: roleIds.map((roleId) => ({ userId, roleId, grantedById, organizationId })),
    skipDuplicates: true,
  });
}

export async function findDefaultOrganizationId(db: Db = prisma()): Promise<string> {
  const instance = await db.instance.findUniqueOrThrow({
    where: { id: 1 },
    select: { defaultOrganizationId: true },
  });
  return instance.defaultOrganizationId;
}

/** No link or code that was mailed before, and no sign-in half done, may still open the account. */
export async function discardLinks(userId: string, db: Db): Promise<void> {
  await db.$executeRaw`
    UPDATE sign_in_flows SET finished_at = now()
     WHERE user_id = ${userId}::uuid AND finished_at IS NULL`;
  await db.$executeRaw`
    UPDATE factor_challenges SET consumed_at = now()
     WHERE user_id = ${userId}::uuid AND consumed_at IS NULL`;
  await db.$executeRaw`
    UPDATE sign_in_tickets SET consumed_at = now()
     WHERE user_id = ${userId}::uuid AND consumed_at IS NULL`;
  await db.$executeRaw`
    UPDATE verification_tokens SET consumed_at = now()
     WHERE user_id = ${userId}::uuid AND consumed_at IS NULL`;
}

/** Throws a foreign key violation while another feature's records name the user. */
export async function deleteUserRow(id: string, db: Db): Promise<void> {
  await db.user.delete({ where: { id } });
}

export async function lockUserRow(id: string, db: Db): Promise<void> {
  await db.$queryRaw`SELECT 1 FROM users WHERE id = ${id}::uuid FOR UPDATE`;
}
