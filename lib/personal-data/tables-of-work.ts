import "server-only";
import { type OfPeople, OWN, shown } from "@/lib/personal-data/personal-table";

// What somebody is in organizations, what they may do and what was noted of them. In the order of erasing.

const IS_ACTOR = "t.actor_id = $1::uuid";
const IS_TARGET = "t.target_id = $1::uuid::text";
/** What somebody else did in their place (F101). */
const IS_SUBJECT = "t.subject_id = $1::uuid";
const ofActor = (column: string) => ({ shown: `CASE WHEN ${IS_ACTOR} THEN t.${column} END` });
/** Where it came from is theirs when nobody else is known to have been there. */
const ofOrigin = (column: string) => ({
  shown: `CASE WHEN ${IS_ACTOR} OR t.actor_id IS NULL THEN t.${column} END`,
});
/** What was said of them is theirs; what they did to others is the others'. */
const ofTarget = (column: string) => ({ shown: `CASE WHEN ${IS_TARGET} THEN t.${column} END` });

/** Who asked, of either kind of trace; as in the index of the table. */
export const ASKER_OF_TRACE =
  "COALESCE(t.trace #>> '{facts,principal,id}', t.trace #>> '{principal,id}')";

export const TABLES_OF_WORK = {
  team_memberships: {
    rows: OWN,
    columns: shown("team_id", "user_id", "organization_id", "created_at"),
    erasure: "deleted",
  },
  access_requests: {
    rows: OWN,
    columns: {
      ...shown("id", "organization_id", "user_id", "role_id", "role_name", "kind", "state"),
      ...shown("reason", "duration_seconds", "decision_id", "created_at", "expires_at"),
      ...shown("reviewed_at", "note", "grant_id", "granted_until", "ended_at"),
      reviewed_by: "another",
      ended_by: "another",
    },
    erasure: "deleted",
    mentions: { reviewed_by: "emptied", ended_by: "emptied" },
  },
  user_roles: {
    rows: OWN,
    columns: {
      ...shown("id", "user_id", "role_id", "organization_id", "expires_at", "created_at"),
      granted_by: "another",
    },
    erasure: "deleted",
    mentions: { granted_by: "emptied" },
  },
  memberships: {
    rows: OWN,
    columns: shown("organization_id", "user_id", "created_at", "last_used_at"),
    erasure: "deleted",
  },
  duty_waivers: {
    rows: OWN,
    columns: {
      ...shown("id", "conflict_id", "organization_id", "user_id", "reason", "created_at"),
      ...shown("expires_at"),
      granted_by: "another",
    },
    erasure: "deleted",
    mentions: { granted_by: "emptied" },
  },
  access_review_items: {
    rows: OWN,
    columns: {
      ...shown("id", "review_id", "organization_id", "kind", "grant_id", "user_id", "team_id"),
      ...shown("role_id", "subject", "subject_name", "grant_name", "everywhere", "granted_at"),
      ...shown("expires_at", "last_used_at", "decision", "note", "decided_at", "outcome"),
      ...shown("ended_at"),
      position: "internal",
      client_id: "internal",
      granted_by_name: "another",
      reviewer_id: "another",
      reviewer_name: "another",
      decided_by: "another",
      decided_by_name: "another",
    },
    erasure: "evidence",
    mentions: {
      granted_by_name: "evidence",
      reviewer_id: "pseudonym",
      reviewer_name: "evidence",
      decided_by: "pseudonym",
      decided_by_name: "evidence",
    },
  },
  invitations: {
    rows: "t.email = ANY($2::text[])",
    columns: {
      ...shown("id", "organization_id", "email", "sent_count", "created_at", "expires_at"),
      ...shown("consumed_at", "revoked_at"),
      invited_by: "another",
      token_hash: "secret",
    },
    erasure: "deleted",
    mentions: { invited_by: "emptied" },
  },
  user_import_rows: {
    rows: `${OWN} OR t.email = ANY($2::text[])`,
    columns: {
      ...shown("import_id", "organization_id", "line", "email", "problem", "note", "outcome"),
      ...shown("user_id"),
      position: "internal",
      // A name, roles, and the hash of a password, until the row is applied.
      pending: { shown: "t.pending -> 'name'" },
    },
    erasure: "deleted",
  },
  outbox: {
    rows: "t.recipient = ANY($2::text[] || $3::text[])",
    columns: {
      ...shown("id", "channel", "kind", "recipient", "subject", "created_at", "expires_at"),
      ...shown("sent_at"),
      // It has the links and codes that were sent, which their mailbox has as well.
      text: "secret",
      html: "secret",
      attempts: "internal",
      claimed_until: "internal",
      traceparent: "internal",
      next_attempt_at: "internal",
      last_error: "internal",
    },
    erasure: "deleted",
  },
  invoices: {
    rows: "t.owner_id = $1::uuid",
    columns: {
      ...shown("id", "organization_id", "owner_id", "number", "amount", "currency", "status"),
      ...shown("created_at", "updated_at", "deleted_at"),
      customer: "another",
      customer_key: "another",
      version: "internal",
    },
    erasure: {
      kept: "An organization keeps its books; its records name an id that is nobody's.",
      byKey: true,
    },
  },
  decision_traces: {
    rows: `${ASKER_OF_TRACE} = $1::uuid::text`,
    columns: {
      ...shown("id", "organization_id", "created_at"),
      // What it was decided from may be of whom it was about.
      trace: {
        shown: `jsonb_strip_nulls(jsonb_build_object(
                  'permission', t.trace -> 'permissionKey',
                  'rule', t.trace #> '{gate,rule}',
                  'context', COALESCE(t.trace #> '{facts,context}', t.trace -> 'context'),
                  'allowed', t.trace #> '{verdict,allowed}'))`,
      },
    },
    erasure: "deleted",
  },
  audit_holds: {
    rows: OWN,
    columns: {
      ...shown("id", "user_id", "placed_at", "released_at"),
      reason: "internal",
    },
    erasure: { kept: "It says of an id that its events are kept, which is nobody's afterwards." },
  },
  account_deletions: {
    rows: OWN,
    columns: {
      ...shown("id", "user_id", "requested_at", "due_at", "cancelled_at", "told_at", "erased_at"),
      ...shown("finished_at"),
      // Theirs, or an administrator's.
      requested_by: {
        shown: "CASE WHEN t.requested_by = t.user_id THEN t.requested_by END",
      },
      undo_token_hash: "secret",
      claimed_until: "internal",
    },
    erasure: { kept: "That an id was erased, so that it is again when a backup brings it back." },
    mentions: { requested_by: "pseudonym" },
  },
  audit_events: {
    rows: `${IS_ACTOR} OR ${IS_TARGET} OR ${IS_SUBJECT}`,
    columns: {
      ...shown("id", "at", "action", "outcome", "actor_type", "organization_id", "target_type"),
      actor_id: ofActor("actor_id"),
      subject_id: { shown: `CASE WHEN ${IS_SUBJECT} THEN t.subject_id END` },
      session_id: ofActor("session_id"),
      client_id: ofActor("client_id"),
      target_id: {
        shown: `CASE WHEN ${IS_TARGET} OR t.target_type IS DISTINCT FROM 'user' THEN t.target_id END`,
      },
      ip: ofOrigin("ip"),
      user_agent: ofOrigin("user_agent"),
      request_id: ofOrigin("request_id"),
      reason: ofTarget("reason"),
      before: ofTarget("before"),
      after: ofTarget("after"),
      origin_salt: "internal",
      detail_salt: "internal",
      erased_by: "internal",
    },
    erasure: "log",
  },
} as const satisfies Record<string, OfPeople>;
