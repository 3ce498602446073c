import "server-only";
import { findSinglePageAddresses } from "@/lib/oidc/client-origin-store";
import { API_SCOPES } from "@/lib/oidc/scopes";
import { processSingleton } from "@/lib/platform/process-singleton";

/** A client that is registered or disabled now counts after so long; its tokens do at once. */
const ASKED_EVERY_MS = 5_000;

interface Known {
  origins: Promise<ReadonlySet<string>>;
  askedAt: number;
}

/**
 * True where a single-page client that may call the API is registered at exactly
 * this origin. Opens nothing: it says whose scripts may read an answer. Throws
 * when the database cannot say.
 */
export async function isApiClientOrigin(origin: string): Promise<boolean> {
  const held = processSingleton<{ known: Known | undefined }>("api-client-origins", () => ({
    known: undefined,
  }));
  const now = Date.now();
  if (held.known === undefined || now - held.known.askedAt >= ASKED_EVERY_MS) {
    held.known = { origins: loadOrigins(), askedAt: now };
  }
  const asked = held.known;
  try {
    return (await asked.origins).has(origin);
  } catch (error) {
    // The next caller asks again: an outage is not remembered as an answer.
    if (held.known === asked) held.known = undefined;
    throw error;
  }
}

async function loadOrigins(): Promise<ReadonlySet<string>> {
  const addresses = await findSinglePageAddresses(API_SCOPES);
  const origins = addresses.flatMap((uri) => {
    const { origin, protocol } = URL.parse(uri) ?? {};
    return origin !== undefined && /^https?:$/.test(protocol ?? "") ? [origin] : [];
  });
  return new Set(origins);
}
