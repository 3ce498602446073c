import "server-only";
import type { Db } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";

export interface ServicePrincipalRow {
  clientId: string;
  name: string;
  organizationId: string;
  organizationName: string;
  networks: string[];
  authzVersion: string;
  asOf: Date;
}

/** A client of the kind `service` with the organization that it acts in: the default one while it has no roles. */
export async function findServicePrincipalRow(
  clientId: string,
): Promise<ServicePrincipalRow | null> {
  const { rows } = await pool().query<ServicePrincipalRow>({
    name: "find-service-principal",
    text: `SELECT c.id AS "clientId", c.name, o.id AS "organizationId",
                  o.name AS "organizationName", COALESCE(p.networks, '{}') AS networks,
                  i.authz_version AS "authzVersion", now() AS "asOf"
             FROM oidc_clients c
            CROSS JOIN instance i
             LEFT JOIN service_accounts a ON a.client_id = c.id
             JOIN organizations o ON o.id = COALESCE(a.organization_id, i.default_organization_id)
             LEFT JOIN sign_in_policies p ON p.organization_id = o.id
            WHERE c.id = $1 AND c.kind = 'service' AND c.disabled_at IS NULL`,
    values: [clientId],
  });
  return rows[0] ?? null;
}

export interface ServiceRow {
  name: string;
  kind: string;
  /** Null while it has never had a role. */
  organizationId: string | null;
  /** The same, or until then the installation's own. */
  actsIn: string;
  roleIds: string[];
}

/** A client with the roles that it has; null for no client. */
export async function findServiceRow(clientId: string, db: Db): Promise<ServiceRow | null> {
  const client = await db.oidcClient.findUnique({
    where: { id: clientId },
    select: {
      name: true,
      kind: true,
      serviceAccount: {
        select: { organizationId: true, roles: { select: { roleId: true } } },
      },
    },
  });
  if (client === null) return null;
  const { name, kind, serviceAccount } = client;
  const { defaultOrganizationId } = await db.instance.findUniqueOrThrow({ where: { id: 1 } });
  return {
    name,
    kind,
    organizationId: serviceAccount?.organizationId ?? null,
    actsIn: serviceAccount?.organizationId ?? defaultOrganizationId,
    roleIds: (serviceAccount?.roles ?? []).map(({ roleId }) => roleId),
  };
}

export interface ServiceAccountRow {
  clientId: string;
  organizationId: string;
  roleIds: string[];
}

/** Every client that acts for itself somewhere. */
export async function listAllServiceAccounts(db: Db): Promise<ServiceAccountRow[]> {
  const accounts = await db.serviceAccount.findMany({
    orderBy: { clientId: "asc" },
    select: { clientId: true, organizationId: true, roles: { select: { roleId: true } } },
  });
  return accounts.map(({ roles, ...account }) => ({
    ...account,
    roleIds: roles.map(({ roleId }) => roleId),
  }));
}

/** Makes these the roles of a client in an organization; it acts there from then on. */
export async function replaceServiceRoles(
  clientId: string,
  organizationId: string,
  { added, removed }: Record<"added" | "removed", string[]>,
  grantedById: string | null,
  db: Db,
): Promise<void> {
  await db.serviceAccount.upsert({
    where: { clientId },
    create: { clientId, organizationId },
    update: {},
  });
  await db.serviceAccountRole.deleteMany({ where: { clientId, roleId: { in: removed } } });
  await db.serviceAccountRole.createMany({
    data: added.map((roleId) => ({ clientId, roleId, grantedById })),
  });
}
