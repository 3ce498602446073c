import "server-only";
import { prisma } from "@/lib/platform/db/client";

/** True when an organization of the user, or a role that they have now, asks for a second factor. */
export async function isMfaRequired(userId: string): Promise<boolean> {
  const rows = await prisma().$queryRaw<{ required: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM memberships m
                     JOIN sign_in_policies p ON p.organization_id = m.organization_id
                    WHERE m.user_id = ${userId}::uuid AND p.mfa_required)
        OR EXISTS (SELECT 1 FROM user_roles ur JOIN roles r ON r.id = ur.role_id
                    WHERE ur.user_id = ${userId}::uuid AND r.mfa_required
                      AND (ur.expires_at IS NULL OR ur.expires_at > now())) AS required`;
  return rows[0]?.required ?? true;
}
