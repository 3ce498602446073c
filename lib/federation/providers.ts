import "server-only";
import type { Provider } from "next-auth/providers";
import type { AskedConnection } from "@/lib/federation/connection-store";
import { listConnectionProviders, listOfferedConnections } from "@/lib/federation/connections";
import {
  environmentAuthJsProviders,
  listEnvironmentProviders,
} from "@/lib/federation/environment-providers";
import type { Db } from "@/lib/platform/db/client";
import { isUnavailable } from "@/lib/platform/db/errors";

/** A way to sign in elsewhere. */
export interface SignInProvider {
  /** Stands in the callback address, and beside each identity. */
  id: string;
  /** What people call it. */
  name: string;
  /** Our side of it, where it speaks OpenID Connect. */
  oidc: { issuer: string; clientId: string } | null;
}

/**
 * The providers that people can sign in with, in the order in which they are
 * offered: those of the environment, and the connections as they are at this
 * moment (F7).
 */
export const listSignInProviders = async (db?: Db): Promise<SignInProvider[]> => [
  ...listEnvironmentProviders(),
  ...(await listOfferedConnections(db)),
];

/**
 * The same for a page that somebody signs in at: while the database cannot say
 * which connections there are, those of the environment are better than no page
 * (INV-5: a provider that is shown is looked up again before it is gone to).
 */
export async function listProvidersToShow(): Promise<SignInProvider[]> {
  try {
    return await listSignInProviders();
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return listEnvironmentProviders();
  }
}

/** The provider of this id; null for one that is unknown or switched off (ATK-16). */
export async function findProvider(id: string): Promise<SignInProvider | null> {
  // Those of the environment need no query.
  const ofEnvironment = listEnvironmentProviders().find((provider) => provider.id === id);
  return ofEnvironment ?? (await listOfferedConnections()).find((it) => it.id === id) ?? null;
}

export interface AuthJsProviders {
  providers: Provider[];
  /** The connection behind a provider as it is asked in this request; null for one of the environment. */
  connectionOf: (provider: string | undefined) => AskedConnection | null;
}

/**
 * The same as Auth.js wants them, asked for at every request. What comes back from a
 * provider is the word of the connection that it was asked by, whatever becomes of that
 * while the provider answers (ATK-11).
 */
export async function authJsProviders(fetchOption: symbol): Promise<AuthJsProviders> {
  const listed = await listConnectionProviders(fetchOption);
  return {
    providers: [...environmentAuthJsProviders(), ...listed.map(({ provider }) => provider)],
    connectionOf: (id) => listed.find(({ provider }) => provider.id === id)?.connection ?? null,
  };
}
