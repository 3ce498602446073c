import "server-only";
import { createHmac } from "node:crypto";
import type { KoaContextWithOIDC } from "oidc-provider";
import { pool } from "@/lib/platform/db/pool";
import { processSingleton } from "@/lib/platform/process-singleton";

/**
 * The name of a user at the clients of one sector: the same for ever, and of no use
 * anywhere else (OIDC Core §8.1, F65). It hangs on the id of the user, on the sector, which
 * a client keeps, and on a salt that the database has made and lets nobody change; on no
 * secret that is rotated.
 */
export async function pairwiseSubject(
  _ctx: KoaContextWithOIDC | undefined,
  userId: string,
  client: { [key: string]: unknown },
): Promise<string> {
  const sector = client["pairwise_sector"];
  // A client without one is none to be named for.
  if (typeof sector !== "string" || sector === "") throw new Error("the client has no sector");
  return createHmac("sha256", await salt())
    .update(`${sector}\n${userId}`)
    .digest("base64url");
}

async function salt(): Promise<Buffer> {
  const known = processSingleton<{ salt?: Buffer }>("pairwise-salt", () => ({}));
  if (known.salt === undefined) {
    const { rows } = await pool().query<{ salt: Buffer }>(
      'SELECT pairwise_salt AS "salt" FROM instance WHERE id = 1',
    );
    const [row] = rows;
    if (row === undefined) throw new Error("the instance has no salt");
    known.salt = row.salt;
  }
  return known.salt;
}

/** What tells the engine that the list of a client's sector is to be asked for. */
export const ASKS_SECTOR = "asks_sector";

const hostOf = (uri: string): string => URL.parse(uri)?.host ?? "";

interface Addressed {
  pairwiseSector: string | null;
  redirectUris: string[];
}

/**
 * Addresses that a pairwise client did not have, at another host than that which its
 * users' names are for: whoever is there would learn them (OIDC Core §8.1, ATK-27).
 */
export const strayAddresses = (
  { pairwiseSector, redirectUris: known }: Addressed,
  wished: readonly string[],
): string[] =>
  pairwiseSector === null
    ? []
    : wished.filter((uri) => !known.includes(uri) && hostOf(uri) !== pairwiseSector);

/** Whether somebody else than whom the names are for would be told them at the end of a session. */
export const tellsAstray = ({
  pairwiseSector,
  redirectUris,
  backchannelLogoutUri: told,
}: Addressed & { backchannelLogoutUri: string | null }): boolean =>
  pairwiseSector !== null &&
  told !== null &&
  ![pairwiseSector, ...redirectUris.map(hostOf)].includes(hostOf(told));

/**
 * The host that the names of a pairwise client's users are for; null for a client that is
 * none. Several hosts need a list of them that one of these has published.
 */
export function sectorOf({
  pairwise = false,
  sectorIdentifierUri,
  redirectUris,
  scopes,
}: {
  pairwise?: boolean | undefined;
  sectorIdentifierUri?: string | undefined;
  redirectUris: readonly string[];
  scopes: readonly string[];
}): { host: string } | { problem: string } | null {
  if (!pairwise) {
    return sectorIdentifierUri === undefined
      ? null
      : { problem: "sector_identifier_uri goes together with pairwise names" };
  }
  if (scopes.some((scope) => scope.startsWith("api:"))) {
    return {
      problem: "the API names its users as everybody knows them, so not with pairwise names",
    };
  }
  const hosts = new Set(redirectUris.map(hostOf));
  const sector = sectorIdentifierUri === undefined ? null : URL.parse(sectorIdentifierUri);
  if (sectorIdentifierUri !== undefined) {
    return sector?.protocol === "https:"
      ? { host: sector.host }
      : { problem: "sector_identifier_uri is an https address" };
  }
  const [host = ""] = hosts;
  return hosts.size === 1 && host !== ""
    ? { host }
    : { problem: "pairwise names need one host in redirect_uris, or a sector_identifier_uri" };
}
