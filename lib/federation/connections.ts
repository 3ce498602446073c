import "server-only";
import type { OIDCConfig } from "next-auth/providers";
import { RESERVED_IDS } from "@/lib/federation/connection.schema";
import {
  type AskedConnection,
  holdOffered,
  isOfDefaultOrganization,
  listOffered,
  type OfferedRow,
} from "@/lib/federation/connection-store";
import type { SignInProvider } from "@/lib/federation/providers";
import type { Db } from "@/lib/platform/db/client";
import { SealBroken, unseal } from "@/lib/platform/encryption";
import { outboundFetch } from "@/lib/platform/http/outbound-fetch";
import { log } from "@/lib/platform/log";
import type { SealedColumn } from "@/lib/platform/reencryption";
import type { Caller } from "@/lib/shared/caller";

/** Where a connection's secret is sealed to. */
export const secretPlaceOf = (id: string): string => `connections.client_secret:${id}`;

/** Where the secrets are kept with which we are known to providers. */
export const SEALED_CLIENT_SECRETS: SealedColumn = {
  table: "connections",
  column: "client_secret",
  key: "id",
  placeOf: secretPlaceOf,
};

export const listOfferedConnections = async (db?: Db): Promise<SignInProvider[]> =>
  (await listOffered(db)).map(({ slug, name, issuer, clientId }) => ({
    id: slug,
    name,
    oidc: { issuer, clientId },
  }));

/**
 * The connections through which a sign-in comes into this organization. People are offered those of the
 * installation's own organization alone, so that every other one has none.
 */
export const listConnectionsInto = async (
  organizationId: string,
): Promise<Pick<SignInProvider, "id" | "name">[]> =>
  (await listOffered())
    .filter((row) => row.organizationId === organizationId)
    .map(({ slug, name }) => ({ id: slug, name }));

/** Whether connections of the caller's organization are offered to people once they are on. */
export const areOffered = ({ principal }: Caller): Promise<boolean> =>
  isOfDefaultOrganization(principal.organizationId);

interface Claims {
  sub: string;
  name?: string;
  email?: string;
}

/** Whose word something is: a provider's, and for a connection the one that was asked, or nobody's. */
export interface Asked {
  provider: string;
  /** Null or absent for a provider of the environment. */
  connection?: AskedConnection | null;
}

/**
 * The connections as Auth.js wants them, and which each of them is. Each answer belongs to the provider
 * that was asked: state, nonce and PKCE are bound to its id, and `iss` is
 * compared where the provider sends it (RFC 9207, ATK-11). What an administrator
 * typed is asked through the guard (ATK-62): `fetchOption` is where Auth.js
 * takes another fetch from.
 */
export async function listConnectionProviders(
  fetchOption: symbol,
): Promise<{ provider: OIDCConfig<Claims>; connection: AskedConnection }[]> {
  return (await listOffered()).flatMap((row) => {
    const clientSecret = openSecret(row);
    if (clientSecret === null) return [];
    const { id, issuer } = row;
    return [{ provider: providerOf(row, clientSecret, fetchOption), connection: { id, issuer } }];
  });
}

const providerOf = (
  row: OfferedRow,
  clientSecret: string,
  fetchOption: symbol,
): OIDCConfig<Claims> => ({
  id: row.slug,
  name: row.name,
  type: "oidc",
  issuer: row.issuer,
  clientId: row.clientId,
  clientSecret,
  client: { token_endpoint_auth_method: row.authMethod },
  checks: ["pkce", "state", "nonce"],
  authorization: { params: authorizationParameters(row) },
  // Many providers put the address into the answer of the userinfo endpoint only.
  idToken: false,
  profile: ({ sub, name, email }) => ({ id: sub, name: name ?? null, email: email ?? null }),
  options: { [fetchOption]: outboundFetch },
});

function authorizationParameters({ preset, scopes, domains }: OfferedRow): Record<string, string> {
  const [domain, ...others] = domains;
  const hosted = preset === "google-workspace" && domain !== undefined && others.length === 0;
  return { scope: scopes, ...(hosted && { hd: domain }) };
}

/** Null when the key is gone: that connection is down, and no other way in. */
function openSecret({ id, slug, clientSecret }: OfferedRow): string | null {
  try {
    return unseal(clientSecret, secretPlaceOf(id)).toString();
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    log.error("the secret of a connection cannot be read", { error, code: slug });
    return null;
  }
}

/** What a connection asks of whom it lets in. */
export interface ConnectionTerms {
  domains: string[];
  /** Whose connection it is; null for a provider of the environment. */
  organizationId: string | null;
  /** The account itself must belong to the domain, and not only its address. */
  hostedOnly: boolean;
}

const NO_TERMS: ConnectionTerms = { domains: [], organizationId: null, hostedOnly: false };

/** The terms of a provider; null for one that is unknown, switched off, or not the one that was asked. */
export async function findTerms({ provider, connection }: Asked): Promise<ConnectionTerms | null> {
  if (RESERVED_IDS.includes(provider)) return NO_TERMS;
  const row = (await listOffered()).find(
    ({ slug, id, issuer }) =>
      slug === provider && id === connection?.id && issuer === connection.issuer,
  );
  if (row === undefined) return null;
  const { domains, organizationId, preset } = row;
  return { domains, organizationId, hostedOnly: preset === "google-workspace" };
}

/**
 * False for a provider that is off, or is not any more the one that was asked: a subject means
 * something at one issuer only. Otherwise it stays so until the transaction ends (ATK-11, ATK-16).
 */
export async function holdProvider({ provider, connection }: Asked, tx: Db): Promise<boolean> {
  if (RESERVED_IDS.includes(provider)) return true;
  return connection ? holdOffered(provider, connection, tx) : false;
}
