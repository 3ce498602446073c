import "server-only";
import type { Prisma, UserStatus } from "@/generated/prisma/client";
import { batchedLookup } from "@/lib/platform/db/batched-lookup";
import { type Db, prisma } from "@/lib/platform/db/client";

/** What the sign-in flow may know of a user: no credential, nothing to display. */
export function findUserByEmail(email: string, db: Db = prisma()) {
  return db.user.findUnique({
    where: { email },
    select: { id: true, email: true, name: true, status: true, signInEpoch: true },
  });
}

/** Whoever has one of these ids or one of these addresses. */
export const listAddressRows = (
  { ids, emails }: { ids: string[]; emails: string[] },
  db: Db,
): Promise<{ id: string; email: string }[]> =>
  db.user.findMany({
    where: { OR: [{ id: { in: ids } }, { email: { in: emails } }] },
    select: { id: true, email: true },
  });

/** How often sign-ins under way have been voided; null for nobody. */
export async function findEpoch(id: string, db: Db = prisma()): Promise<number | null> {
  const user = await db.user.findUnique({ where: { id }, select: { signInEpoch: true } });
  return user?.signInEpoch ?? null;
}

/** True while no sign-in was voided since; none is then before the transaction is over. */
export async function holdEpoch(id: string, epoch: number, db: Db): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM users WHERE id = ${id}::uuid AND sign_in_epoch = ${epoch} FOR SHARE`;
  return rows.length === 1;
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
      updatedAt: true,
      lastSignInAt: true,
    },
  });
}

/** An active user as clients may be told of them; null for all others. */
export const findActiveUser = batchedLookup<
  string,
  { name: string | null; email: string; emailVerified: Date | null; updatedAt: Date }
>({
  name: "find-active-users",
  text: `SELECT id AS key, name, email, email_verified AS "emailVerified", updated_at AS "updatedAt"
           FROM users WHERE id = ANY($1::uuid[]) AND status = 'active'`,
  textOf: (id) => id,
});

export interface NewUser {
  id: string;
  email: string;
  name: string | null;
  status: UserStatus;
  emailVerified: Date | null;
}

/**
 * Waits for whoever gives this address to somebody or takes it away, so that the
 * answer holds until the end of the transaction.
 */
export async function addressIsFree(
  email: string,
  forUserId: string | null,
  db: Db,
): Promise<boolean> {
  await db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('address:' || ${email}, 0))`;
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM users WHERE email = ${email} AND id IS DISTINCT FROM ${forUserId}::uuid
    UNION ALL
    SELECT 1 FROM email_changes
     WHERE old_email = ${email} AND user_id IS DISTINCT FROM ${forUserId}::uuid
       AND undone_at IS NULL AND undo_expires_at > now()
    LIMIT 1`;
  return rows.length === 0;
}

/** Which of these addresses somebody has now. */
export async function listTakenEmails(emails: string[], db: Db = prisma()): Promise<string[]> {
  const rows = await db.$queryRaw<{ email: string }[]>`
    SELECT email FROM users WHERE email = ANY(${emails}::text[])`;
  return rows.map(({ email }) => email);
}

/** One statement: false when the user has another address by now or is not active. */
export async function moveUserAddress(
  id: string,
  from: string,
  to: string,
  db: Db,
): Promise<boolean> {
  // Whoever signs up with the former address meanwhile learns that it is kept.
  await db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('address:' || ${from}, 0))`;
  const count = await db.$executeRaw`
    UPDATE users SET email = ${to}, email_verified = now(), updated_at = now()
     WHERE id = ${id}::uuid AND email = ${from} AND status = 'active'`;
  if (count === 1) await discardAlerts(id, db);
  return count === 1;
}

/**
 * "This was not me" in a mail to an address that the user no longer has would
 * take away what they added since, for whoever reads that mailbox now (ATK-37).
 */
export async function discardAlerts(userId: string, db: Db): Promise<void> {
  await db.$executeRaw`
    UPDATE sign_in_alerts SET consumed_at = now()
     WHERE user_id = ${userId}::uuid AND consumed_at IS NULL`;
}

/** True while the user has this address; nobody then changes it before the transaction is over. */
export async function holdAddress(userId: string, email: string, db: Db): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM users WHERE id = ${userId}::uuid AND email = ${email} FOR KEY SHARE`;
  return rows.length === 1;
}

/** Ends a change of address that waits for its confirmations; false when there is none. */
export async function endPendingEmailChange(userId: string, db: Db): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE email_changes SET ended_at = now()
     WHERE user_id = ${userId}::uuid AND changed_at IS NULL AND ended_at IS NULL`;
  return count > 0;
}

/** Former addresses of this user cannot be taken back any more, and are free. */
export async function releaseFormerAddresses(userId: string, db: Db): Promise<void> {
  await db.$executeRaw`
    UPDATE email_changes SET undone_at = now()
     WHERE user_id = ${userId}::uuid AND changed_at IS NOT NULL AND undone_at IS NULL`;
}

/**
 * Inserts whose address is neither taken nor kept, and returns the ids of those. A race for an
 * address has one winner. No two of `users` have the same one.
 */
export async function insertUsers(users: NewUser[], db: Db): Promise<Set<string>> {
  const emails = users.map(({ email }) => email).sort();
  // As for a single address, in one order, so that two who insert many cannot wait for each other.
  await db.$executeRaw`
    SELECT pg_advisory_xact_lock(hashtextextended('address:' || email, 0))
      FROM unnest(${emails}::text[]) WITH ORDINALITY AS wanted(email, place) ORDER BY place`;
  const kept = await db.$queryRaw<{ email: string }[]>`
    SELECT old_email AS email FROM email_changes
     WHERE old_email = ANY(${emails}::text[]) AND undone_at IS NULL AND undo_expires_at > now()`;
  const inserted = await db.user.createManyAndReturn({
    data: users.filter((user) => !kept.some(({ email }) => email === user.email)),
    skipDuplicates: true,
    select: { id: true },
  });
  return new Set(inserted.map(({ id }) => id));
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

export async function insertMemberships(
  userIds: string[],
  organizationId: string,
  db: Db,
): Promise<void> {
  await db.membership.createMany({
    data: userIds.map((userId) => ({ userId, organizationId })),
    skipDuplicates: true,
  });
}

/**
 * The organization a new session starts in: the one used last, and before any the one joined
 * first. Null for a user of none.
 */
export async function findOpeningMembership(
  userId: string,
  db: Db = prisma(),
): Promise<string | null> {
  const membership = await db.membership.findFirst({
    where: { userId },
    orderBy: [
      { lastUsedAt: { sort: "desc", nulls: "last" } },
      { createdAt: "asc" },
      { organizationId: "asc" },
    ],
    select: { organizationId: true },
  });
  return membership?.organizationId ?? null;
}

/**
 * Gives the roles that every new account of its own accord gets, as far as the organization can use
 * them. They hold in `holdIn`; null is the whole instance.
 */
export async function grantDefaultRoles(
  userIds: string[],
  organizationId: string,
  holdIn: string | null,
  db: Db,
): Promise<void> {
  const roles = await db.role.findMany({
    where: { isDefault: true, OR: [{ organizationId: null }, { organizationId }] },
    select: { id: true },
  });
  await db.userRole.createMany({
    data: userIds.flatMap((userId) =>
      roles.map((role) => ({ userId, roleId: role.id, organizationId: holdIn })),
    ),
    skipDuplicates: true,
  });
}

export interface NewGrant {
  userId: string;
  roleId: string;
  grantedById: string | null;
  /** Where it holds; null is the whole instance. */
  organizationId: string | null;
}

export async function grantRoles(grants: NewGrant[], db: Db): Promise<void> {
  await db.userRole.createMany({ data: grants, skipDuplicates: true });
}

export async function findDefaultOrganizationId(db: Db = prisma()): Promise<string> {
  const instance = await db.instance.findUniqueOrThrow({
    where: { id: 1 },
    select: { defaultOrganizationId: true },
  });
  return instance.defaultOrganizationId;
}

/**
 * No link or code that was mailed before, and no sign-in half done, may still open the account.
 * The epoch comes first: what is stored under the former one is waited for and then seen
 * below, and nothing is stored under it afterwards.
 */
export async function discardLinks(userId: string, db: Db): Promise<void> {
  await db.$executeRaw`
    UPDATE users SET sign_in_epoch = sign_in_epoch + 1 WHERE id = ${userId}::uuid`;
  await endPendingEmailChange(userId, db);
  await db.$executeRaw`
    UPDATE identity_links SET consumed_at = now()
     WHERE user_id = ${userId}::uuid AND consumed_at IS NULL`;
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
  // What somebody began to add, so that its owner is not shown it as theirs.
  await db.$executeRaw`
    UPDATE credentials_totp
       SET pending_secret = NULL, pending_session_id = NULL, pending_until = NULL
     WHERE user_id = ${userId}::uuid AND pending_secret IS NOT NULL`;
  await db.$executeRaw`
    UPDATE credentials_phone
       SET pending_number = NULL, pending_session_id = NULL, pending_until = NULL
     WHERE user_id = ${userId}::uuid AND pending_number IS NOT NULL`;
}

/** Throws a foreign key violation while another feature's records name the user. */
export async function deleteUserRow(id: string, db: Db): Promise<void> {
  await db.user.delete({ where: { id } });
}

export async function lockUserRow(id: string, db: Db): Promise<void> {
  await db.$queryRaw`SELECT 1 FROM users WHERE id = ${id}::uuid FOR UPDATE`;
}
