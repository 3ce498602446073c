import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { ClientListing } from "@/lib/oidc/client.schema";
import type { ClientRow } from "@/lib/oidc/client-store";
import { FIRST_PARTY_CLIENT_ID } from "@/lib/oidc/clients";
import { type Db, prisma } from "@/lib/platform/db/client";
import { escapeLike } from "@/lib/platform/db/like";
import type { Walk } from "@/lib/shared/keyset-page";

/** Everything of a client but the hashes of its secrets. */
const SHOWN = {
  id: true,
  name: true,
  source: true,
  kind: true,
  firstParty: true,
  authMethod: true,
  jwks: true,
  jwksUri: true,
  redirectUris: true,
  postLogoutRedirectUris: true,
  backchannelLogoutUri: true,
  scopes: true,
  pairwiseSector: true,
  pairwiseSectorUri: true,
  metadata: true,
  idTokenAlgorithm: true,
  requirePushedRequests: true,
  disabledAt: true,
  version: true,
  createdAt: true,
  lastUsedAt: true,
  secrets: {
    select: { id: true, createdAt: true, lastUsedAt: true },
    orderBy: { id: "asc" },
  },
} as const satisfies Prisma.OidcClientSelect;

export type ShownClient = Prisma.OidcClientGetPayload<{ select: typeof SHOWN }>;

/** The program's own client is part of the program, and nobody's to change. */
const NOT_OURS = { not: FIRST_PARTY_CLIENT_ID };

function matching({ q, kind, status }: ClientListing): Prisma.OidcClientWhereInput {
  return {
    id: NOT_OURS,
    ...(kind && { kind }),
    ...(status && { disabledAt: status === "disabled" ? { not: null } : null }),
    ...(q && {
      OR: [
        { name: { contains: escapeLike(q), mode: "insensitive" } },
        { id: q },
        { redirectUris: { has: q } },
      ],
    }),
  };
}

/** Clients by name, in the order in which the walk meets them. */
export function listShownClients(
  listing: ClientListing,
  place: { walk: Walk; name: string; id: string } | null,
  countMax: number,
): Promise<ShownClient[]> {
  const direction = place?.walk === "previous" ? "desc" : "asc";
  const beyond = place?.walk === "previous" ? "lt" : "gt";
  return prisma().oidcClient.findMany({
    where: {
      AND: [
        matching(listing),
        place === null
          ? {}
          : {
              OR: [
                { name: { [beyond]: place.name } },
                { name: place.name, id: { [beyond]: place.id } },
              ],
            },
      ],
    },
    select: SHOWN,
    orderBy: [{ name: direction }, { id: direction }],
    take: countMax,
  });
}

export const findShownClient = (id: string, db: Db = prisma()): Promise<ShownClient | null> =>
  id.includes("\u0000")
    ? Promise.resolve(null)
    : db.oidcClient.findFirst({ where: { AND: [{ id }, { id: NOT_OURS }] }, select: SHOWN });

/** Those that somebody has entered, and that know their users by the name that everybody does. */
export const listRegisteredClients = (db: Db): Promise<ShownClient[]> =>
  db.oidcClient.findMany({
    where: { id: NOT_OURS, source: "registered", pairwiseSector: null },
    orderBy: { id: "asc" },
    select: SHOWN,
  });

/** Nobody else changes it or its secrets until the transaction is over; its users are not kept waiting. */
export async function lockClient(id: string, db: Db): Promise<void> {
  if (id.includes("\u0000")) return;
  await db.$queryRaw`SELECT 1 FROM oidc_clients WHERE id = ${id} FOR NO KEY UPDATE`;
}

export async function updateClient(
  id: string,
  {
    jwks,
    ...data
  }: Omit<Prisma.OidcClientUpdateManyMutationInput, "jwks"> & Partial<Pick<ClientRow, "jwks">>,
  db: Db,
): Promise<void> {
  const stored =
    jwks === undefined ? {} : { jwks: jwks === null ? Prisma.DbNull : (jwks as object) };
  const version = { increment: 1 };
  await db.oidcClient.updateMany({ where: { id }, data: { ...data, ...stored, version } });
}

/** With it go its secrets, its grants and its tokens. */
export async function deleteClientRow(id: string, db: Db): Promise<void> {
  await db.oidcClient.deleteMany({ where: { id } });
}

export async function deleteSecret(clientId: string, id: string, db: Db): Promise<void> {
  await db.oidcClientSecret.deleteMany({ where: { id, clientId } });
}

/**
 * Ends what was given under other terms: what its users allowed, what they are being asked at
 * this moment, and what it got for itself.
 */
export async function deleteHoldings(id: string, db: Db): Promise<void> {
  // Who answers a question that is gone allows nothing; so the questions go before the grants.
  await db.$executeRaw`
    DELETE FROM oidc_artifacts
     WHERE (kind = 'Interaction' AND payload -> 'params' ->> 'client_id' = ${id})
        OR (kind = 'DeviceCode' AND payload ->> 'clientId' = ${id})`;
  await db.oidcGrant.deleteMany({ where: { clientId: id } });
  await db.$executeRaw`
    DELETE FROM oidc_artifacts WHERE kind = 'ClientCredentials' AND payload ->> 'clientId' = ${id}`;
}

/** Of how many users it holds something, and how many tokens are good now. */
export async function countHoldings(
  id: string,
  db: Db = prisma(),
): Promise<{ users: number; tokens: number }> {
  const [row] = await db.$queryRaw<{ users: number; tokens: number }[]>`
    SELECT (SELECT count(DISTINCT g.user_id)::int FROM oidc_grants g
             WHERE g.client_id = ${id} AND g.expires_at > now()) AS users,
           (SELECT count(*)::int FROM oidc_artifacts a JOIN oidc_grants g ON g.id = a.grant_id
             WHERE g.client_id = ${id} AND a.kind IN ('AccessToken', 'RefreshToken')
               AND a.consumed_at IS NULL AND a.expires_at > now())
         + (SELECT count(*)::int FROM oidc_artifacts a
             WHERE a.kind = 'ClientCredentials' AND a.payload ->> 'clientId' = ${id}
               AND a.expires_at > now()) AS tokens`;
  return row ?? { users: 0, tokens: 0 };
}
