import type { JWTPayload } from "jose";
import { getConfig } from "@/lib/platform/config";
import { newId } from "@/lib/platform/id";

export const CLIENT_ID = "gatehouse-test";
export const LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout";

/** From now on Google is the provider at this address. */
export const useProvider = (issuer: string) =>
  Object.assign(getConfig(), { google: { id: CLIENT_ID, secret: "secret", issuer } });

const now = () => Math.floor(Date.now() / 1_000);

/** What the test's provider signs when it is asked to. */
export async function signedUpstream(
  issuer: string,
  claims: JWTPayload,
  header: Record<string, string> = {},
): Promise<string> {
  const answer = await fetch(`${issuer}/sign`, {
    method: "POST",
    body: JSON.stringify({ claims, header }),
  });
  return ((await answer.json()) as { token: string }).token;
}

export const anIdToken = (issuer: string, claims: JWTPayload) =>
  signedUpstream(issuer, {
    iss: issuer,
    aud: CLIENT_ID,
    iat: now(),
    exp: now() + 60,
    nonce: newId(),
    ...claims,
  });

/** A right one, but for what is said otherwise (OIDC Back-Channel Logout 1.0 §2.4). */
export const aLogoutToken = (
  issuer: string,
  claims: JWTPayload,
  header: Record<string, string> = { typ: "logout+jwt" },
) =>
  signedUpstream(
    issuer,
    {
      iss: issuer,
      aud: CLIENT_ID,
      iat: now(),
      exp: now() + 120,
      jti: newId(),
      events: { [LOGOUT_EVENT]: {} },
      ...claims,
    },
    header,
  );
