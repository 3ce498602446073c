import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { ask } from "@/lib/platform/db/ask";
import type { Db } from "@/lib/platform/db/client";

export interface FactorSummary {
  /** When the password was last chosen; null for none. */
  passwordChangedAt: Date | null;
  /** How long ago that is. */
  passwordAgeDays: number | null;
  /** Since when an authenticator app is in use, and when its last code was taken. */
  totpConfirmedAt: Date | null;
  totpLastUsedAt: Date | null;
  /** E.164, of one in use. */
  phone: string | null;
  recoveryCodesLeft: number;
  passkeyCount: number;
  /** The oldest twenty, instants in ISO 8601. */
  passkeys: {
    id: string;
    name: string;
    backedUp: boolean;
    createdAt: string;
    lastUsedAt: string | null;
  }[];
}

export async function findFactorSummary(userId: string, db?: Db): Promise<FactorSummary> {
  const [row] = await ask<FactorSummary>(
    "find-factor-summary",
    Prisma.sql`
      SELECT w.changed_at AS "passwordChangedAt",
             floor(extract(epoch FROM now() - w.changed_at) / 86400)::int AS "passwordAgeDays",
             t.confirmed_at AS "totpConfirmedAt", t.last_used_at AS "totpLastUsedAt",
             (SELECT number FROM credentials_phone
               WHERE user_id = u.id AND confirmed_at IS NOT NULL) AS phone,
             (SELECT count(*)::int FROM credentials_recovery_code
               WHERE user_id = u.id AND consumed_at IS NULL) AS "recoveryCodesLeft",
             (SELECT count(*)::int FROM credentials_passkey WHERE user_id = u.id) AS "passkeyCount",
             COALESCE((SELECT jsonb_agg(jsonb_build_object(
                                'id', p.id, 'name', p.name, 'backedUp', p.backed_up,
                                'createdAt', p.created_at, 'lastUsedAt', p.last_used_at)
                              ORDER BY p.created_at, p.id)
                         FROM (SELECT * FROM credentials_passkey WHERE user_id = u.id
                                ORDER BY created_at, id LIMIT 20) p), '[]') AS passkeys
        FROM (SELECT ${userId}::uuid AS id) u
        LEFT JOIN credentials_password w ON w.user_id = u.id
        LEFT JOIN credentials_totp t ON t.user_id = u.id AND t.confirmed_at IS NOT NULL`,
    db,
  );
  if (row === undefined) throw new Error("a statement of one row gave none");
  return row;
}
