import "server-only";
import type { Client } from "oidc-provider";
import {
  claimDueLogouts,
  type DueLogout,
  markLogoutDelivered,
  postponeLogout,
} from "@/lib/oidc/logout-delivery-store";
import { getProvider } from "@/lib/oidc/provider";
import { newSecret } from "@/lib/platform/crypto";
import { describeOutboundFailure } from "@/lib/platform/http/outbound-failure";
import { outboundFetch } from "@/lib/platform/http/outbound-fetch";
import { log } from "@/lib/platform/log";
import { retryAfterSeconds } from "@/lib/platform/outbox/deliver-due";
import { minutes } from "@/lib/shared/duration";

/** Clients are told beside one another, so that one that hangs holds up nobody. */
const BATCH_SIZE = 20;
/** Longer than the slowest client may take. */
const LEASE_SECONDS = minutes(1);
/** Over fifteen hours; then somebody has to look. */
export const LOGOUT_ATTEMPTS_MAX = 10;

const EVENT = "http://schemas.openid.net/event/backchannel-logout";

/**
 * Tells clients that sessions have ended, each with a logout token made for this
 * very attempt, and keeps what could not be told for later (OpenID Connect
 * Back-Channel Logout 1.0 §2.5, F63). Returns how many were told.
 */
export async function deliverDueLogouts(): Promise<number> {
  const due = await claimDueLogouts(BATCH_SIZE, LEASE_SECONDS, LOGOUT_ATTEMPTS_MAX);
  const told = await Promise.all(due.map(deliver));
  return told.filter(Boolean).length;
}

async function deliver(logout: DueLogout): Promise<boolean> {
  try {
    await tell(logout);
    await markLogoutDelivered(logout.id);
    return true;
  } catch (error) {
    log.warn("a client could not be told that a session has ended", {
      error,
      count: logout.attempts,
    });
    await postponeLogout(
      logout.id,
      retryAfterSeconds(logout.attempts),
      describeOutboundFailure(error),
    );
    return false;
  }
}

async function tell({ clientId, userId, sid }: DueLogout): Promise<void> {
  const client = await (await getProvider()).Client.find(clientId);
  const address = client?.backchannelLogoutUri;
  if (client === undefined || typeof address !== "string") {
    throw new Error("the client has no address for this any more");
  }
  const answer = await outboundFetch(address, {
    method: "POST",
    body: new URLSearchParams({ logout_token: await logoutToken(client, userId, sid) }),
  });
  // Some frameworks say 204 where nothing is to be said (§2.8).
  if (answer.status !== 200 && answer.status !== 204) {
    throw new Error(`answered ${answer.status}, not 200`);
  }
}

/** A logout token, good for two minutes (OpenID Connect Back-Channel Logout 1.0 §2.4). */
async function logoutToken(client: Client, userId: string, sid: string | null): Promise<string> {
  const { IdToken } = (await getProvider()) as unknown as Signing;
  const token = new IdToken({ sub: userId }, { client });
  token.mask = { sub: null };
  token.set("events", { [EVENT]: {} });
  token.set("jti", newSecret());
  if (sid !== null) token.set("sid", sid);
  return token.issue({ use: "logout" });
}

/** The engine's model of what it signs, as its own sender uses it; its types leave the use out. */
interface Signing {
  IdToken: new (
    claims: { sub: string },
    options: { client: Client },
  ) => {
    mask: Record<string, null>;
    set(name: string, value: unknown): void;
    issue(options: { use: "logout" }): Promise<string>;
  };
}
