import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import { type Db, prisma } from "@/lib/platform/db/client";
import type { TenantDb } from "@/lib/platform/db/tenant";
import { isId } from "@/lib/shared/id.schema";
import type { Walk } from "@/lib/shared/keyset-page";

type Hash = Uint8Array<ArrayBuffer>;

export interface Invitation {
  id: string;
  email: string;
  invitedBy: string | null;
  sentCount: number;
  createdAt: Date;
  expiresAt: Date;
  hasExpired: boolean;
  roles: { id: string; name: string }[];
}

const SELECT = {
  id: true,
  email: true,
  sentCount: true,
  createdAt: true,
  expiresAt: true,
  invitedBy: { select: { email: true } },
  roles: {
    select: { role: { select: { id: true, name: true } } },
    orderBy: { role: { name: "asc" } },
  },
} as const satisfies Prisma.InvitationSelect;

const asInvitation = ({
  invitedBy,
  roles,
  ...row
}: Prisma.InvitationGetPayload<{ select: typeof SELECT }>): Invitation => ({
  ...row,
  hasExpired: row.expiresAt.getTime() <= Date.now(),
  invitedBy: invitedBy?.email ?? null,
  roles: roles.map(({ role }) => role),
});

/** Neither accepted nor revoked; those that have expired can be sent again. */
const OPEN = { consumedAt: null, revokedAt: null } as const;

/** The open invitations of an organization, newest first, in the order in which the walk meets them. */
export async function listOpenInvitations(
  organizationId: string,
  place: { walk: Walk; createdAt: Date; id: string } | null,
  countMax: number,
  db: TenantDb,
): Promise<Invitation[]> {
  const backwards = place?.walk === "previous";
  const [direction, beyond] = backwards ? (["asc", "gt"] as const) : (["desc", "lt"] as const);
  const rows = await db.invitation.findMany({
    where: {
      AND: [
        { organizationId, ...OPEN },
        place === null
          ? {}
          : {
              OR: [
                { createdAt: { [beyond]: place.createdAt } },
                { createdAt: place.createdAt, id: { [beyond]: place.id } },
              ],
            },
      ],
    },
    orderBy: [{ createdAt: direction }, { id: direction }],
    take: countMax,
    select: SELECT,
  });
  return rows.map(asInvitation);
}

/** The open invitation, when it is of this organization (ATK-43). */
export async function findOpenInvitation(
  id: string,
  organizationId: string,
  db: TenantDb,
): Promise<Invitation | null> {
  if (!isId(id)) return null;
  const row = await db.invitation.findFirst({
    where: { id, organizationId, ...OPEN },
    select: SELECT,
  });
  return row && asInvitation(row);
}

/** Whether somebody with this address is a member already. */
export async function isAddressOfMember(
  email: string,
  organizationId: string,
  db: TenantDb,
): Promise<boolean> {
  const count = await db.membership.count({ where: { organizationId, user: { email } } });
  return count > 0;
}

export interface NewInvitation {
  id: string;
  organizationId: string;
  email: string;
  invitedById: string;
  roleIds: string[];
}

/** Makes room for a new one: what has expired is not open any more. */
export async function closeExpired(
  organizationId: string,
  email: string,
  db: TenantDb,
): Promise<void> {
  await db.$executeRaw`
    UPDATE invitations SET revoked_at = now()
     WHERE organization_id = ${organizationId}::uuid AND email = ${email}
       AND consumed_at IS NULL AND revoked_at IS NULL AND expires_at <= now()`;
}

/** False when the address has an open invitation already: of two at once one is stored. */
export async function insertInvitation(
  { id, organizationId, email, invitedById, roleIds }: NewInvitation,
  tokenHash: Hash,
  lifetimeSeconds: number,
  db: TenantDb,
): Promise<boolean> {
  const count = await db.$executeRaw`
    INSERT INTO invitations (id, organization_id, email, invited_by, token_hash, expires_at)
    VALUES (${id}::uuid, ${organizationId}::uuid, ${email}, ${invitedById}::uuid, ${tokenHash},
            now() + make_interval(secs => ${lifetimeSeconds}::double precision))
    ON CONFLICT (organization_id, email) WHERE consumed_at IS NULL AND revoked_at IS NULL
    DO NOTHING`;
  if (count === 0) return false;
  await db.invitationRole.createMany({
    data: roleIds.map((roleId) => ({ invitationId: id, roleId })),
  });
  return true;
}

/** Another secret in the place of the former one, by one conditional statement. */
export async function renewInvitation(
  id: string,
  invitedById: string,
  tokenHash: Hash,
  lifetimeSeconds: number,
  db: TenantDb,
): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE invitations
       SET token_hash = ${tokenHash}, invited_by = ${invitedById}::uuid,
           sent_count = sent_count + 1,
           expires_at = now() + make_interval(secs => ${lifetimeSeconds}::double precision)
     WHERE id = ${id}::uuid AND consumed_at IS NULL AND revoked_at IS NULL`;
  return count === 1;
}

export async function revokeInvitationRow(id: string, db: TenantDb): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE invitations SET revoked_at = now()
     WHERE id = ${id}::uuid AND consumed_at IS NULL AND revoked_at IS NULL`;
  return count === 1;
}

export interface PresentedInvitation {
  id: string;
  state: "pending" | "used" | "expired" | "revoked";
  email: string;
  organizationId: string;
  organizationName: string;
  /** Null for a user who is gone. */
  inviterId: string | null;
  inviterActive: boolean;
  inviterIsMember: boolean;
  roleIds: string[];
}

/** What a link stands for, without using it up. */
export async function findByToken(
  tokenHash: Hash,
  db: Db = prisma(),
): Promise<PresentedInvitation | null> {
  const rows = await db.$queryRaw<PresentedInvitation[]>`
    SELECT i.id, i.email, o.id AS "organizationId", o.name AS "organizationName",
           CASE WHEN i.consumed_at IS NOT NULL THEN 'used'
                WHEN i.revoked_at IS NOT NULL THEN 'revoked'
                WHEN i.expires_at <= now() THEN 'expired' ELSE 'pending' END AS state,
           i.invited_by AS "inviterId",
           COALESCE(u.status = 'active', false) AS "inviterActive",
           EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = i.invited_by
                      AND m.organization_id = i.organization_id) AS "inviterIsMember",
           ARRAY(SELECT role_id::text FROM invitation_roles
                  WHERE invitation_id = i.id ORDER BY role_id) AS "roleIds"
      FROM invitations i
      JOIN organizations o ON o.id = i.organization_id
      LEFT JOIN users u ON u.id = i.invited_by
     WHERE i.token_hash = ${tokenHash}`;
  return rows[0] ?? null;
}

/**
 * The one statement that decides who gets in: of any number of callers one, while the invitation
 * is open, and only an active user whose address is this one and was verified (ATK-47).
 */
export async function consumeInvitation(id: string, userId: string, db: Db): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE invitations i SET consumed_at = now()
      FROM users u
     WHERE i.id = ${id}::uuid AND i.consumed_at IS NULL AND i.revoked_at IS NULL
       AND i.expires_at > now()
       AND u.id = ${userId}::uuid AND u.status = 'active' AND u.email = i.email
       AND u.email_verified IS NOT NULL`;
  return count === 1;
}

/** Whether an open invitation by somebody who is still there waits for this address, wherever. */
export async function isAddressInvited(email: string, db: Db = prisma()): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM invitations i
      JOIN users u ON u.id = i.invited_by AND u.status = 'active'
      JOIN memberships m ON m.user_id = u.id AND m.organization_id = i.organization_id
     WHERE i.email = ${email} AND i.consumed_at IS NULL AND i.revoked_at IS NULL
       AND i.expires_at > now()
     LIMIT 1`;
  return rows.length === 1;
}

/** Deletes what was over this long ago; returns how many. */
export const purgeClosedInvitations = (): Promise<number> =>
  prisma().$executeRaw`
    DELETE FROM invitations
     WHERE LEAST(COALESCE(consumed_at, 'infinity'), COALESCE(revoked_at, 'infinity'), expires_at)
           < now() - interval '90 days'`;
