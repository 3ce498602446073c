import "server-only";
import { OF_OWN_SESSIONS, type OfPeople, OWN, shown } from "@/lib/personal-data/personal-table";

// Who somebody is here, how they sign in and where they are signed in. In the order of erasing.

export const TABLES_OF_ACCOUNTS = {
  upstream_sessions: {
    rows: `${OF_OWN_SESSIONS}
      OR (t.provider, t.subject) IN (SELECT provider, provider_account_id FROM accounts
                                      WHERE user_id = $1::uuid)`,
    columns: {
      ...shown("id", "session_id", "provider", "connection_id", "issuer", "subject", "created_at"),
      sid: "internal",
      id_token: "secret",
      sign_out_hash: "secret",
      sign_out_until: "internal",
    },
    erasure: "deleted",
  },
  accounts: {
    rows: OWN,
    columns: shown("id", "user_id", "type", "provider", "provider_account_id", "created_at"),
    erasure: "deleted",
  },
  identity_links: {
    rows: OWN,
    columns: {
      ...shown("id", "user_id", "session_id", "provider", "created_at", "expires_at"),
      ...shown("consumed_at"),
      token_hash: "secret",
    },
    erasure: "deleted",
  },
  connection_tests: {
    rows: OF_OWN_SESSIONS,
    columns: {
      ...shown("id", "connection_id", "session_id", "steps", "claims", "created_at", "expires_at"),
      ...shown("consumed_at"),
      state_hash: "secret",
      proofs: "secret",
    },
    erasure: "deleted",
  },
  factor_challenges: {
    rows: `${OWN} OR ${OF_OWN_SESSIONS}
      OR t.flow_id IN (SELECT id FROM sign_in_flows WHERE user_id = $1::uuid)`,
    columns: {
      ...shown("id", "factor", "flow_id", "session_id", "user_id", "attempts", "created_at"),
      ...shown("expires_at", "consumed_at"),
      digest: "secret",
      link_hash: "secret",
    },
    erasure: "deleted",
  },
  sign_in_flows: {
    rows: `${OWN} OR ${OF_OWN_SESSIONS} OR (t.user_id IS NULL AND t.email = ANY($2::text[]))`,
    columns: {
      ...shown("id", "purpose", "email", "user_id", "session_id", "proofs", "return_to"),
      ...shown("risk_reasons", "created_at", "expires_at", "finished_at"),
      token_hash: "secret",
      step: "internal",
      upstream_id: "internal",
    },
    erasure: "deleted",
  },
  sign_in_tickets: {
    rows: OWN,
    columns: {
      ...shown("id", "user_id", "acr", "amr", "session_id", "trust_device", "created_at"),
      ...shown("expires_at", "consumed_at"),
      token_hash: "secret",
      upstream_id: "internal",
    },
    erasure: "deleted",
  },
  sign_in_alerts: {
    rows: OWN,
    columns: {
      ...shown("id", "user_id", "session_id", "created_at", "expires_at", "consumed_at"),
      token_hash: "secret",
    },
    erasure: "deleted",
  },
  saved_views: {
    rows: OWN,
    columns: shown("id", "user_id", "list", "name", "parameters", "created_at"),
    erasure: "deleted",
  },
  user_pictures: {
    rows: OWN,
    columns: {
      ...shown("user_id", "created_at"),
      content: { shown: "encode(t.content, 'base64')" },
      digest: { shown: "encode(t.digest, 'hex')" },
    },
    erasure: "deleted",
  },
  terms_acceptances: {
    rows: OWN,
    columns: {
      ...shown("user_id", "version_id", "accepted_at", "ip", "user_agent"),
      digest: { shown: "encode(t.digest, 'hex')" },
    },
    erasure: "deleted",
  },
  verification_tokens: {
    rows: OWN,
    columns: {
      ...shown("id", "purpose", "user_id", "created_at", "expires_at", "consumed_at"),
      token_hash: "secret",
    },
    erasure: "deleted",
  },
  email_changes: {
    rows: OWN,
    columns: {
      ...shown("id", "user_id", "old_email", "new_email", "old_confirmed_at", "new_confirmed_at"),
      ...shown("created_at", "expires_at", "ended_at", "changed_at", "undo_expires_at"),
      ...shown("undone_at"),
      old_token_hash: "secret",
      new_token_hash: "secret",
      undo_token_hash: "secret",
    },
    erasure: "deleted",
  },
  registrations: {
    rows: "t.email = ANY($2::text[])",
    columns: {
      ...shown("id", "email", "name", "created_at", "expires_at", "consumed_at"),
      password_hash: "secret",
      token_hash: "secret",
      browser_hash: "secret",
    },
    erasure: "deleted",
  },
  credentials_password: {
    rows: OWN,
    columns: { ...shown("user_id", "created_at", "updated_at", "changed_at"), hash: "secret" },
    erasure: "deleted",
  },
  password_history: {
    rows: OWN,
    columns: { ...shown("id", "user_id", "created_at"), hash: "secret" },
    erasure: "deleted",
  },
  credentials_passkey: {
    rows: OWN,
    columns: {
      ...shown("id", "user_id", "transports", "aaguid", "backup_eligible", "backed_up"),
      ...shown("user_verified", "name", "known_since", "created_at", "last_used_at"),
      credential_id: "internal",
      public_key: "internal",
      counter: "internal",
    },
    erasure: "deleted",
  },
  credentials_totp: {
    rows: OWN,
    columns: {
      ...shown("user_id", "confirmed_at", "known_since", "created_at", "last_used_at"),
      secret: "secret",
      pending_secret: "secret",
      pending_session_id: "internal",
      pending_until: "internal",
      last_step: "internal",
    },
    erasure: "deleted",
  },
  credentials_recovery_code: {
    rows: OWN,
    columns: {
      ...shown("id", "user_id", "created_at", "consumed_at"),
      handle: "secret",
      hash: "secret",
    },
    erasure: "deleted",
  },
  credentials_phone: {
    rows: OWN,
    columns: {
      ...shown("user_id", "number", "pending_number", "confirmed_at", "known_since"),
      ...shown("created_at", "last_used_at"),
      pending_session_id: "internal",
      pending_until: "internal",
    },
    erasure: "deleted",
  },
  personal_tokens: {
    rows: OWN,
    columns: {
      ...shown("id", "user_id", "organization_id", "name", "scopes", "acr", "amr"),
      ...shown("connection_id", "connection_issuer", "created_at", "expires_at", "last_used_at"),
      token_hash: "secret",
    },
    erasure: "deleted",
  },
  oidc_sessions: {
    rows: OF_OWN_SESSIONS,
    columns: {
      ...shown("session_id", "created_at"),
      // Which apps it has signed in to; what stands beside them is the engine's.
      authorizations: { shown: "ARRAY(SELECT jsonb_object_keys(t.authorizations))" },
    },
    erasure: "deleted",
  },
  oidc_artifacts: {
    // What has no grant yet, such as a sign-in at an app under way, is gone within the hour.
    rows: "t.grant_id IN (SELECT id FROM oidc_grants WHERE user_id = $1::uuid)",
    columns: {
      ...shown("kind", "grant_id", "consumed_at", "created_at", "expires_at"),
      id: "secret",
      payload: "secret",
      consumed_by: "secret",
    },
    erasure: "deleted",
  },
  oidc_grants: {
    rows: OWN,
    columns: {
      ...shown("id", "client_id", "user_id", "created_at", "expires_at", "parent_id"),
      payload: {
        shown: `jsonb_strip_nulls(jsonb_build_object('openid', t.payload -> 'openid',
                                                     'resources', t.payload -> 'resources'))`,
      },
    },
    erasure: "deleted",
  },
  // Deleting them tells their clients, which makes rows of the table after the next.
  sessions: {
    rows: OWN,
    columns: {
      ...shown("id", "user_id", "organization_id", "device_id", "ip", "user_agent", "acr", "amr"),
      ...shown("auth_time", "created_at", "last_seen_at", "idle_expires_at"),
      ...shown("absolute_expires_at", "revoked_at", "revoked_reason"),
      // Why somebody acted as them, which they are told as well; who it was is for the organization to say.
      ...shown("impersonation_reason", "impersonation_told_at"),
      impersonator_id: "another",
      impersonator_session_id: "another",
      token_hash: "secret",
    },
    erasure: "deleted",
    mentions: { impersonator_id: "pseudonym" },
  },
  devices: {
    rows: OWN,
    columns: {
      ...shown("id", "user_id", "user_agent", "created_at", "last_seen_at", "trusted_until"),
      ...shown("forgotten_at", "trusted_at"),
      token_hash: "secret",
    },
    erasure: "deleted",
  },
  oidc_logout_deliveries: {
    rows: OWN,
    columns: {
      ...shown("id", "client_id", "user_id", "session_id", "created_at", "attempts"),
      ...shown("next_attempt_at", "delivered_at", "last_error"),
      sid: "internal",
    },
    erasure: "deleted",
  },
} as const satisfies Record<string, OfPeople>;
