import "server-only";
import { purgeEmailChanges } from "@/lib/authn/email-change-store";
import { purgeProofs } from "@/lib/authn/proof-of-work-store";
import { purgeRegistrations } from "@/lib/authn/registration-store";
import { purgeAlerts } from "@/lib/authn/sign-in-alert-store";
import { purgeFlows } from "@/lib/authn/sign-in-flow-store";
import { purgeTickets } from "@/lib/authn/sign-in-ticket-store";
import { purgeTokens } from "@/lib/authn/verification-token-store";
import { purgePasskeyChallenges } from "@/lib/credentials/passkey/passkey-challenge";
import { purgeTests } from "@/lib/federation/doctor/test-connection";
import { purgeLinks } from "@/lib/federation/link-identity";
import { purgeUpstreamSessions } from "@/lib/federation/upstream-sign-out";

/** Deletes links, tickets, flows, challenges and sign-ups that have been worthless for long; returns how many. */
export async function purgeAuthn(): Promise<number> {
  return (
    (await purgeRegistrations()) +
    (await purgeTickets()) +
    (await purgeTokens()) +
    (await purgeAlerts()) +
    (await purgeEmailChanges()) +
    (await purgeFlows()) +
    (await purgeLinks()) +
    (await purgeTests()) +
    (await purgeUpstreamSessions()) +
    (await purgeProofs()) +
    (await purgePasskeyChallenges())
  );
}
