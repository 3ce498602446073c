import "server-only";
import { pool } from "@/lib/platform/db/pool";

/** Where single-page clients live that have one of these scopes and are not disabled: the addresses, as registered. */
export async function findSinglePageAddresses(scopes: readonly string[]): Promise<string[]> {
  const { rows } = await pool().query<{ uri: string }>({
    name: "find-single-page-addresses",
    text: `SELECT DISTINCT unnest(redirect_uris) AS uri FROM oidc_clients
            WHERE kind = 'single_page' AND disabled_at IS NULL AND scopes && $1::text[]`,
    values: [scopes],
  });
  return rows.map(({ uri }) => uri);
}
