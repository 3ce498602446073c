import "server-only";
import { prisma } from "@/lib/platform/db/client";

export interface FlowPolicy {
  /** Whether an organization of the user, or a role that they have now, asks for a second factor. */
  mfaRequired: boolean;
  /** Whether every organization of the user lets a code by text message count. */
  smsAllowed: boolean;
}

/** What a sign-in of this user is held to, before it is known in which organization it ends. */
export async function findFlowPolicy(userId: string): Promise<FlowPolicy> {
  const rows = await prisma().$queryRaw<FlowPolicy[]>`
    SELECT EXISTS (SELECT 1 FROM memberships m
                     JOIN sign_in_policies p ON p.organization_id = m.organization_id
                    WHERE m.user_id = ${userId}::uuid AND p.mfa_required)
        OR EXISTS (SELECT 1 FROM given_roles g JOIN roles r ON r.id = g.given_role_id
                    WHERE g.user_id = ${userId}::uuid AND r.mfa_required) AS "mfaRequired",
           NOT EXISTS (SELECT 1 FROM memberships m
                         JOIN sign_in_policies p ON p.organization_id = m.organization_id
                        WHERE m.user_id = ${userId}::uuid AND NOT p.sms_allowed) AS "smsAllowed"`;
  return rows[0] ?? { mfaRequired: true, smsAllowed: false };
}
