import "server-only";
import { SEALED_AUDIT_KEYS } from "@/lib/audit-chain/audit-keys";
import { SEALED_TOTP_SECRETS } from "@/lib/credentials/totp/enrol-totp";
import { SEALED_CLIENT_SECRETS } from "@/lib/federation/connections";
import { SEALED_PROOFS } from "@/lib/federation/doctor/test-connection";
import { SEALED_ID_TOKENS } from "@/lib/federation/upstream-sign-out";
import { SEALED_SIGNING_KEYS } from "@/lib/oidc/signing-keys";
import type { SealedColumn } from "@/lib/platform/reencryption";
import { SEALED_WEBHOOK_SECRETS } from "@/lib/webhooks/webhook-secrets";

/** Every column of sealed values: what is not here stays with its key, and a test says so. */
export const SEALED_COLUMNS: SealedColumn[] = [
  SEALED_SIGNING_KEYS,
  SEALED_AUDIT_KEYS,
  ...SEALED_TOTP_SECRETS,
  SEALED_CLIENT_SECRETS,
  SEALED_PROOFS,
  SEALED_ID_TOKENS,
  ...SEALED_WEBHOOK_SECRETS,
];
