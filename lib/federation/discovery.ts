import "server-only";
import { z } from "zod";
import { RESERVED_IDS } from "@/lib/federation/connection.schema";
import { findProvider } from "@/lib/federation/providers";
import { outboundFetch } from "@/lib/platform/http/outbound-fetch";
import { log } from "@/lib/platform/log";
import { processSingleton } from "@/lib/platform/process-singleton";
import { hours, minutes, seconds } from "@/lib/shared/duration";

/** Whoever signs out waits for it: a provider that is slow is one that is down. */
const TIMEOUT_MS = seconds(2) * 1_000;
const KEPT_MS = hours(1) * 1_000;
const FAILURE_KEPT_MS = minutes(1) * 1_000;

const Metadata = z.object({
  issuer: z.string(),
  jwks_uri: z.url({ protocol: /^https?$/ }),
  end_session_endpoint: z.url({ protocol: /^https?$/ }).optional(),
});
export type ProviderMetadata = z.infer<typeof Metadata>;

export interface OidcClient {
  issuer: string;
  clientId: string;
  /** What an administrator typed is asked through the guard (ATK-62). */
  ask: typeof fetch;
}

/** Our side of a provider that speaks OpenID Connect; null for any other. */
export async function oidcClientOf(provider: string): Promise<OidcClient | null> {
  const oidc = (await findProvider(provider))?.oidc;
  if (!oidc) return null;
  return { ...oidc, ask: RESERVED_IDS.includes(provider) ? fetch : outboundFetch };
}

interface Known {
  metadata: ProviderMetadata | null;
  until: number;
}

/** What an issuer says of itself (OIDC Discovery 1.0 §4), or null while it does not say it. Never throws. */
export async function discover({
  issuer,
  ask,
}: Omit<OidcClient, "clientId">): Promise<ProviderMetadata | null> {
  const known = processSingleton("oidc-metadata", () => new Map<string, Known>());
  const kept = known.get(issuer);
  if (kept && kept.until > Date.now()) return kept.metadata;
  const metadata = await fetchMetadata(issuer, ask);
  const keptMs = metadata === null ? FAILURE_KEPT_MS : KEPT_MS;
  known.set(issuer, { metadata, until: Date.now() + keptMs });
  return metadata;
}

const withoutSlash = (url: string): string => url.replace(/\/$/, "");
const protocolOf = (url: string): string => new URL(url).protocol;

async function fetchMetadata(issuer: string, ask: typeof fetch): Promise<ProviderMetadata | null> {
  try {
    const response = await ask(`${withoutSlash(issuer)}/.well-known/openid-configuration`, {
      headers: { accept: "application/json" },
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) return null;
    const metadata = Metadata.parse(await response.json());
    // OIDC Discovery 1.0 §4.3: who claims to be another issuer is none.
    if (withoutSlash(metadata.issuer) !== withoutSlash(issuer)) return null;
    // The id token goes to the one and its keys come from the other: never less protected than the issuer.
    const places = [metadata.jwks_uri, metadata.end_session_endpoint ?? issuer];
    return places.every((place) => protocolOf(place) === protocolOf(issuer)) ? metadata : null;
  } catch (error) {
    log.warn("an identity provider could not be asked about itself", { error });
    return null;
  }
}
