import { randomUUID } from "node:crypto";
import type pg from "pg";
import { running } from "./environment";

const GRANT = "urn:ietf:params:oauth:grant-type:device_code";

export interface AskingDevice {
  clientId: string;
  userCode: string;
  /** The address with the code in it, as behind a QR code. */
  complete: string;
  poll(): Promise<Record<string, unknown>>;
}

/** A television that has just shown its code. */
export async function aDevice(
  database: pg.Pool,
  parameters: Record<string, string> = {},
  /** The address that it asks from. */
  address = "198.51.100.7",
): Promise<AskingDevice> {
  const clientId = randomUUID();
  await database.query(
    `INSERT INTO oidc_clients (id, name, kind, auth_method, redirect_uris, scopes)
     VALUES ($1, 'Living room TV', 'native', 'none', '{}', '{}')`,
    [clientId],
  );
  const post = async (path: string, fields: Record<string, string>) => {
    const answer = await fetch(`${running().url}/oidc${path}`, {
      method: "POST",
      headers: { "x-forwarded-for": address },
      body: new URLSearchParams({ client_id: clientId, ...fields }),
    });
    return (await answer.json()) as Record<string, unknown>;
  };
  const asked = await post("/device/auth", { scope: "openid email offline_access", ...parameters });
  return {
    clientId,
    userCode: String(asked["user_code"]),
    complete: String(asked["verification_uri_complete"]),
    poll: () => post("/token", { grant_type: GRANT, device_code: String(asked["device_code"]) }),
  };
}
