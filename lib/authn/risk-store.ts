import "server-only";
import { prisma } from "@/lib/platform/db/client";

/** So many sessions of the past say where somebody signs in from. */
const SESSIONS_LOOKED_AT = 50;

export interface SignInHistory {
  /** Whether an organization of the user looks at what is unusual. */
  isChecked: boolean;
  /** Whether any browser is known or was: without one nothing can be told from it. */
  hasDevices: boolean;
  addresses: string[];
}

export async function findSignInHistory(userId: string): Promise<SignInHistory> {
  const rows = await prisma().$queryRaw<SignInHistory[]>`
    SELECT EXISTS (SELECT 1 FROM memberships m
                     LEFT JOIN sign_in_policies p ON p.organization_id = m.organization_id
                    WHERE m.user_id = ${userId}::uuid AND COALESCE(p.risk_checked, true))
             AS "isChecked",
           EXISTS (SELECT 1 FROM devices WHERE user_id = ${userId}::uuid) AS "hasDevices",
           ARRAY(SELECT DISTINCT latest.ip
                   FROM (SELECT ip FROM sessions WHERE user_id = ${userId}::uuid AND ip IS NOT NULL
                          ORDER BY created_at DESC LIMIT ${SESSIONS_LOOKED_AT}) AS latest)
             AS addresses`;
  return rows[0] ?? { isChecked: true, hasDevices: false, addresses: [] };
}
