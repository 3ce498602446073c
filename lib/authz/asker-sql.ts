import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { AskerSql } from "@/lib/authz/could-count-sql";

/** A member of an organization: `memberships` as m, `users` as u. */
export const MEMBER: AskerSql = {
  kind: "user",
  id: Prisma.sql`m.user_id`,
  organizationId: Prisma.sql`m.organization_id`,
  email: Prisma.sql`u.email`,
};

/** A service account: {@link SERVICE_ACCOUNTS} as a. */
export const SERVICE: AskerSql = {
  kind: "service",
  id: Prisma.sql`a.client_id`,
  organizationId: Prisma.sql`a.organization_id`,
  email: Prisma.sql`''`,
};

/** Every client that acts for itself, where it acts: the default organization until it has had a role. */
export const SERVICE_ACCOUNTS = Prisma.sql`
    (SELECT c.id AS client_id,
            COALESCE(s.organization_id, i.default_organization_id) AS organization_id
       FROM oidc_clients c
      CROSS JOIN instance i
       LEFT JOIN service_accounts s ON s.client_id = c.id
      WHERE c.kind = 'service')`;
